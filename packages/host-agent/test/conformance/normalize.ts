import { createHash } from 'node:crypto';
import type { AgentLine } from '@aether-v/types';
import type { HyperVEngine } from '@aether-v/hyperv-sim/engine';

/** A moment differs between two runs, that there is one does not. */
const moments = /At$/;

/** What a PowerShell says of itself is its own. */
const environment = /^(powershell(Version|Edition)|languageMode|executionPolicy)$/;

/** The words of an error are each side's own: its code is what decides. */
function isError(value: object): value is { readonly code: string } {
  return Object.keys(value).sort().join() === 'code,message,remedy';
}

/** What stays behind, with its reason; the words again are each side's own. */
function isLeft(value: object): value is { readonly path: string; readonly reason: string } {
  return Object.keys(value).sort().join() === 'message,path,reason';
}

/** A part that could not be reported; why is each side's own. */
function isProblem(value: object): value is { readonly part: string } {
  return Object.keys(value).sort().join() === 'message,part';
}

/** The value without moments and words, with lists of things that have an id in the order of their ids. */
export function normalize(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(normalize);
    const keyed = items.every((item) => idOf(item) !== undefined);
    return keyed ? items.sort((a, b) => (idOf(a) ?? '').localeCompare(idOf(b) ?? '')) : items;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (isError(value)) return { error: value.code };
  if (isProblem(value)) return { part: value.part };
  if (isLeft(value)) return { path: value.path, reason: value.reason };
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !environment.test(key))
      .sort(([a], [b]) => a.localeCompare(b))
      .map(([key, held]) => [
        key,
        moments.test(key) && typeof held === 'string' ? '(time)' : normalize(held),
      ]),
  );
}

function idOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { vmId, id, operationId } = value as Record<string, unknown>;
  const found = vmId ?? id ?? operationId;
  return typeof found === 'string' ? found : undefined;
}

function digest(value: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(normalize(value)))
    .digest('hex')
    .slice(0, 16);
}

/** Usage is a sample of a moment: whom it is about is all that two runs share. */
function itemKey(item: Record<string, unknown>): [string, unknown] {
  switch (item['kind']) {
    case 'vm':
      return [`vm ${(item['vm'] as { vmId: string }).vmId}`, item['vm']];
    case 'vm-removed':
      return [`vm ${String(item['vmId'])}`, null];
    case 'synced':
      return ['synced', [...(item['vmIds'] as string[])].sort()];
    case 'usage':
      return ['usage', (item['vms'] as { vmId: string }[]).map(({ vmId }) => vmId).sort()];
    case 'host':
      return ['host', item['host']];
    case 'cluster':
      return ['cluster', item['cluster']];
    default:
      return [`entry ${String(item['operationId'])}`, item];
  }
}

/** What two runs of one operation must share. */
export interface Transcript {
  /** The types of its lines, and the kinds of its items, without repetitions. */
  readonly grammar: string;
  /** What a reader who folds the items knows at the end, each as a digest. */
  readonly items: Readonly<Record<string, string>>;
  readonly end: unknown;
}

function grammarOf(lines: readonly AgentLine[]): string {
  const kinds = lines.map((line) => {
    // Whether something is said in the log or as progress is each side's own.
    if (line.type === 'log' || line.type === 'progress') return 'news';
    if (line.type !== 'item') return line.type;
    const { kind } = line.item as { kind?: string };
    return kind ?? 'entry';
  });
  // Behind its full read a watch says things as they happen, in no order that two runs share.
  const begun = kinds.indexOf('synced') + 1;
  if (begun === 0) return withoutRepetitions(kinds).join(' ');
  const later = [...new Set(kinds.slice(begun, -1))].sort();
  return [...withoutRepetitions(kinds.slice(0, begun)), `(${later.join('|')})*`, kinds.at(-1)].join(' ');
}

function withoutRepetitions(kinds: readonly string[]): string[] {
  return kinds.filter((kind, index) => kind !== kinds[index - 1]);
}

function endOf(last: AgentLine | undefined): unknown {
  if (last?.type === 'result') return { result: normalize(last.result) };
  // The words are each side's own; the code decides.
  if (last?.type === 'error') return { error: last.error.code };
  return 'left';
}

/** The transcript of an operation. Throws where its lines are not numbered from 0, or something follows the end. */
export function transcriptOf(lines: readonly AgentLine[]): Transcript {
  for (const [index, { seq, type }] of lines.entries()) {
    if (seq !== index) throw new Error(`Line ${index} says ${seq}.`);
    if (index < lines.length - 1 && (type === 'result' || type === 'error')) throw new Error('Two ends.');
  }
  const items = new Map<string, string>();
  for (const line of lines) {
    if (line.type !== 'item') continue;
    const [key, value] = itemKey(line.item as Record<string, unknown>);
    items.set(key, value === null ? 'gone' : digest(value));
  }
  return {
    grammar: grammarOf(lines),
    items: Object.fromEntries([...items].sort()),
    end: endOf(lines.at(-1)),
  };
}

/** Every VM that the engine holds, as a digest. */
export function stateOf(engine: HyperVEngine): Readonly<Record<string, string>> {
  return Object.fromEntries(
    engine.hostIds.flatMap((hostId) =>
      engine.vms(hostId).map((vm) => [`${hostId} ${vm.name} ${vm.vmId}`, `${vm.state} ${digest(vm)}`]),
    ),
  );
}
