import { commands, type Cluster, type Host, type Job, type VmState, type VmSummary } from '@aether-v/types';
import { vmActionStates, type VmActionState, type WhyNot } from '../actions/vm-action.ts';
import { jobStateViews } from '../components/states.text.ts';
import type { StatusView } from '../components/status.tsx';
import { vmStatusView } from '../components/vm-status-view.ts';
import { hostStatusView } from '../components/host-status-view.ts';
import type { OfferedVmCommand } from '../fleet/offered-commands.ts';
import { actionWords } from './action-words.ts';
import { fuzzyScore } from './fuzzy.ts';
import { paletteTexts as texts } from './palette.text.ts';
import type { Recent } from './recent.ts';

/** The paths of pages that the palette opens. */
export type PagePath = keyof typeof texts.pages;

interface Common {
  readonly key: string;
  readonly title: string;
  /** Its location and state. */
  readonly detail: string;
  readonly view: StatusView | null;
}

/** An entry of the palette: an object or page to open, or an action to run. */
export type PaletteItem =
  | (Common & { readonly kind: Recent['kind']; readonly id: string })
  | (Common & {
      readonly kind: 'action';
      readonly command: OfferedVmCommand;
      readonly vm: VmSummary;
      /** The reason why it cannot be run; null if it can. */
      readonly reason: string | null;
    });

/** The parts of the fleet that the palette searches. */
export interface PaletteFleet {
  readonly vms: readonly VmSummary[];
  readonly hosts: readonly Host[];
  readonly clusters: readonly Cluster[];
  /** Newest first. */
  readonly jobs: readonly Job[];
  /** VMs that the service found, for example by an address that is not part of their names. */
  readonly found: ReadonlySet<string>;
  readonly shownState: (vm: VmSummary) => VmState;
  readonly whyNot: WhyNot;
  readonly pages: readonly PagePath[];
}

const mostItems = 14;
const mostVms = 8;
const mostJobs = 4;

interface Scored {
  readonly item: PaletteItem;
  readonly score: number;
}

const byScore = (a: Scored, b: Scored): number =>
  b.score - a.score || a.item.title.localeCompare(b.item.title);

function vmItem(vm: VmSummary, shown: VmState): PaletteItem {
  const view = vmStatusView(vm, shown);
  return {
    kind: 'vm',
    id: vm.id,
    key: `vm ${vm.id}`,
    title: vm.name,
    detail: texts.inState(vm.hostName, view.word),
    view,
  };
}

function hostItem(host: Host): PaletteItem {
  const view = hostStatusView(host);
  const detail = host.clusterName === null ? view.word : texts.inState(host.clusterName, view.word);
  return { kind: 'host', id: host.id, key: `host ${host.id}`, title: host.name, detail, view };
}

function clusterItem({ id, name }: Cluster): PaletteItem {
  return { kind: 'cluster', id, key: `cluster ${id}`, title: name, detail: texts.kinds.cluster, view: null };
}

function jobItem(job: Job): PaletteItem {
  const view = jobStateViews[job.state];
  return { kind: 'job', id: job.id, key: `job ${job.id}`, title: job.title, detail: view.word, view };
}

function pageItem(path: PagePath): PaletteItem {
  return {
    kind: 'page',
    id: path,
    key: `page ${path}`,
    title: texts.pages[path],
    detail: texts.kinds.page,
    view: null,
  };
}

function actionItem(vm: VmSummary, { name, reason }: VmActionState): PaletteItem {
  return {
    kind: 'action',
    command: name,
    vm,
    reason,
    key: `action ${name} ${vm.id}`,
    title: `${commands[name].label} ${vm.name}`,
    detail: reason === null ? texts.on(vm.hostName) : texts.cannot(vm.hostName, reason),
    view: null,
  };
}

function matchingVms(typed: string, { vms, found }: PaletteFleet): { vm: VmSummary; score: number }[] {
  return vms
    .flatMap((vm) => {
      const score = fuzzyScore(typed, vm.name) ?? (found.has(vm.id) ? 0 : null);
      return score === null ? [] : [{ vm, score }];
    })
    .sort((a, b) => b.score - a.score || a.vm.name.localeCompare(b.vm.name))
    .slice(0, mostVms);
}

/** Returns actions of VMs for a text such as `start app-01`; those that can be run come first. */
function actionItems(typed: string, fleet: PaletteFleet): PaletteItem[] {
  const { shownState, whyNot } = fleet;
  return actionWords(typed).flatMap(({ command, subject }) =>
    (subject === '' ? [] : matchingVms(subject, fleet))
      .map(({ vm }) => ({
        vm,
        action: vmActionStates(vm, shownState(vm), whyNot).find(({ name }) => name === command),
      }))
      .flatMap(({ vm, action }) => (action ? [actionItem(vm, action)] : []))
      .sort((a, b) => Number(cannotRun(a)) - Number(cannotRun(b))),
  );
}

/** Returns whether an entry is an action that cannot be run. */
export function cannotRun(item: PaletteItem): boolean {
  return item.kind === 'action' && item.reason !== null;
}

function objectItems(typed: string, fleet: PaletteFleet): Scored[] {
  const scored = (items: readonly PaletteItem[]): Scored[] =>
    items.flatMap((item) => {
      const score = fuzzyScore(typed, item.title);
      return score === null ? [] : [{ item, score }];
    });
  return [
    ...matchingVms(typed, fleet).map(({ vm, score }) => ({ item: vmItem(vm, fleet.shownState(vm)), score })),
    ...scored(fleet.hosts.map(hostItem)),
    ...scored(fleet.clusters.map(clusterItem)),
    ...scored(fleet.pages.map(pageItem)),
    // A job has the name of its VM in its title: the VM itself comes first.
    ...scored(fleet.jobs.map(jobItem))
      .map(({ item, score }) => ({ item, score: score - 10 }))
      .slice(0, mostJobs),
  ];
}

/** Returns the subject of `start ` alone: the recent VMs are offered with the action. */
function recentActions(typed: string, recent: readonly Recent[], fleet: PaletteFleet): PaletteItem[] {
  const begun = actionWords(typed).filter(({ subject }) => subject === '');
  const vms = recent.flatMap(({ kind, id }) => (kind === 'vm' ? fleet.vms.filter((vm) => vm.id === id) : []));
  return begun.flatMap(({ command }) =>
    vms.flatMap((vm) => {
      const action = vmActionStates(vm, fleet.shownState(vm), fleet.whyNot).find(
        ({ name }) => name === command,
      );
      return action?.canRun ? [actionItem(vm, action)] : [];
    }),
  );
}

function recentItem(entry: Recent, fleet: PaletteFleet): PaletteItem {
  const { kind, id, title } = entry;
  const known: PaletteItem | undefined = {
    vm: () => fleet.vms.filter((vm) => vm.id === id).map((vm) => vmItem(vm, fleet.shownState(vm)))[0],
    host: () => fleet.hosts.filter((host) => host.id === id).map(hostItem)[0],
    cluster: () => fleet.clusters.filter((cluster) => cluster.id === id).map(clusterItem)[0],
    job: () => fleet.jobs.filter((job) => job.id === id).map(jobItem)[0],
    page: () => fleet.pages.filter((path) => path === id).map(pageItem)[0],
  }[kind]();
  return known ?? { kind, id, key: `${kind} ${id}`, title, detail: texts.kinds[kind], view: null };
}

/** Returns the entries for a text: recent ones first, then by how well they match; actions before objects. */
export function paletteItems(
  typed: string,
  recent: readonly Recent[],
  fleet: PaletteFleet,
): readonly PaletteItem[] {
  const text = typed.trim();
  if (text === '') {
    const items = [...recent.map((entry) => recentItem(entry, fleet)), ...fleet.pages.map(pageItem)];
    return [...new Map(items.map((item) => [item.key, item])).values()];
  }
  const isRecent = new Set(recent.map(({ kind, id }) => `${kind} ${id}`));
  const objects = objectItems(text, fleet)
    .map(({ item, score }) => ({ item, score: isRecent.has(item.key) ? score + 10 : score }))
    .sort(byScore)
    .map(({ item }) => item);
  const actions = [...actionItems(text, fleet), ...recentActions(text, recent, fleet)];
  const first = objects[0];
  const top = first?.kind === 'vm' ? fleet.vms.find(({ id }) => id === first.id) : undefined;
  const ofTop = top
    ? vmActionStates(top, fleet.shownState(top), fleet.whyNot)
        .filter(({ canRun }) => canRun)
        .map((action) => actionItem(top, action))
    : [];
  const all = [...actions, ...objects, ...ofTop];
  return [...new Map(all.map((item) => [item.key, item])).values()].slice(0, mostItems);
}
