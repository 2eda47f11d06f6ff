import type { InventoryItem, VmFacts } from '@aether-v/types';
import { beforeEach, describe, expect, test } from 'vitest';
import { HostOperations, type InvokeOptions } from '../../src/host-adapter/agent/host-operations.ts';
import { FleetStore } from '../../src/inventory/fleet-store.ts';
import { DryRun } from '../../src/jobs/dry-run.ts';
import type { Preparation } from '../../src/jobs/preparations.ts';
import { StorageNeighbours } from '../../src/vms/storage-neighbours.ts';
import { clusteredVm, disk, guid, hostFacts } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { ReducedFleet } from '../support/reduced-fleet.ts';

type Items = Iterable<InventoryItem> | AsyncIterable<InventoryItem>;

/** Hosts that answer `inventory` with what a test says. */
class ScriptedHosts extends HostOperations {
  readonly items = new Map<string, () => Items>();
  /** How many VMs each host reported before its call ended, by its id. */
  readonly heard = new Map<string, number>();
  /** The number of VMs that a host counts at the end, if it is not what it reported. */
  readonly counted = new Map<string, number>();

  override async invoke(host: string, _op: string, _request: unknown, options: object): Promise<never> {
    const { onLine } = options as InvokeOptions<'inventory'>;
    let seq = 0;
    let vms = 0;
    for await (const item of this.items.get(host)?.() ?? []) {
      if (item.kind === 'vm') this.heard.set(host, (vms += 1));
      await onLine?.({ op: '', seq: (seq += 1), type: 'item', item });
    }
    return { vms: this.counted.get(host) ?? vms } as never;
  }
}

const cluster = guid(100);
const csv = 'C:\\ClusterStorage\\V1';
const shared = `${csv}\\golden.vhdx`;
const vm = (at: number, ...paths: string[]): VmFacts =>
  clusteredVm(guid(at), 'hv1', { disks: paths.map((path) => disk(path)) });
const item = (facts: VmFacts): InventoryItem => ({ kind: 'vm', vm: facts });
const itself: InventoryItem = { kind: 'host', host: hostFacts('hv1', { clusterId: cluster }) };

let hosts: ScriptedHosts;
let neighbours: StorageNeighbours;
let store: FleetStore;
let notes: string[];
let preparation: Preparation;

beforeEach(() => {
  const fleet = new ReducedFleet();
  fleet.read('hv1', [vm(1, shared)], cluster, ['hv1', 'hv2']);
  fleet.read('hv2', [], cluster, ['hv1', 'hv2']);
  const clock = new FakeClock();
  store = new FleetStore({ clock });
  for (const kind of ['cluster', 'host', 'vm'] as const) {
    for (const row of fleet.rows[kind].values()) store.put(kind, row);
  }
  hosts = new ScriptedHosts();
  hosts.items.set('hv1', () => [itself, item(vm(1, shared))]);
  neighbours = new StorageNeighbours(store, hosts, clock);
  notes = [];
  const note = (_level: string, message: string): void => void notes.push(message);
  preparation = { actor: 'test', signal: new AbortController().signal, note };
});

function survey(): ReturnType<StorageNeighbours['filesOfOthers']> {
  const row = store.get('vm', guid(1));
  if (row === undefined) throw new Error('the fleet has no VM 1');
  return neighbours.filesOfOthers(row, { deletesFiles: true }, preparation);
}

describe('querying the storage needs of other hosts', () => {
  test('keeps a file that a VM of another node uses', async () => {
    hosts.items.set('hv2', () => [item(vm(11, shared))]);
    const { keep, disksElsewhere } = await survey();
    expect(keep).toEqual([shared]);
    expect(disksElsewhere).toEqual([{ path: shared, parentPath: null }]);
  });

  test('abandons a host that reports more than a deletion may hold, and keeps all shared files', async () => {
    const paths = Array.from({ length: 64 }, (_, at) => `${csv}\\${String(at)}${'x'.repeat(200)}.vhdx`);
    const endless = function* (): Generator<InventoryItem> {
      for (let at = 0; at < 4000; at += 1) yield item(vm(1000 + at, ...paths));
    };
    hosts.items.set('hv2', endless);
    const { keep } = await survey();
    expect(hosts.heard.get('hv2')).toBeLessThan(1000);
    expect(keep).toEqual(['C:\\ClusterStorage']);
    expect(notes.join('\n')).toMatch(/HV2 did not report the files it needs.*more than/);
  });

  test.each(['hv1', 'hv2'])('abandons the host %s if it reports VMs without end', async (host) => {
    const endless = function* (): Generator<InventoryItem> {
      for (let at = 1; at < 100_000; at += 1) yield item(vm(at));
    };
    hosts.items.set(host, endless);
    await survey().catch((error: unknown) => expect(error).toMatchObject({ code: 'contract-violation' }));
    expect(hosts.heard.get(host)).toBeLessThan(5000);
  });

  test('does not trust a host that reports one VM twice and omits another', async () => {
    hosts.items.set('hv2', () => [item(vm(11, `${csv}\\a.vhdx`)), item(vm(11, `${csv}\\a.vhdx`))]);
    expect((await survey()).keep).toEqual(['C:\\ClusterStorage']);
  });

  test('reads hosts for at most eight deletions at once', async () => {
    let running = 0;
    let most = 0;
    hosts.items.set('hv2', async function* () {
      most = Math.max(most, (running += 1));
      await new Promise((resolve) => setImmediate(resolve));
      running -= 1;
      yield item(vm(11, shared));
    });
    const surveys = await Promise.all(Array.from({ length: 30 }, survey));
    expect(surveys.map(({ keep }) => keep)).toEqual(surveys.map(() => [shared]));
    expect(most).toBe(8);
  });

  test('reads each host once for all checks of a dry run', async () => {
    const reads = { hv1: 0, hv2: 0 };
    hosts.items.set('hv1', () => {
      reads.hv1 += 1;
      return [itself, item(vm(1, shared))];
    });
    hosts.items.set('hv2', () => {
      reads.hv2 += 1;
      return [item(vm(11, shared))];
    });
    preparation = { ...preparation, dryRun: new DryRun([{ vmId: guid(1) }]) };
    const surveys = await Promise.all(Array.from({ length: 20 }, survey));
    expect(surveys.map(({ keep }) => keep)).toEqual(surveys.map(() => [shared]));
    expect(reads).toEqual({ hv1: 1, hv2: 1 });
  });

  test('of dry runs leaves the places of deletions free, and ends with its caller', async () => {
    const silent = Promise.withResolvers<undefined>();
    hosts.items.set('hv2', async function* () {
      await silent.promise;
      yield item(vm(11, shared));
    });
    const caller = new AbortController();
    const job = preparation;
    const dryRuns = Array.from({ length: 20 }, () => {
      const dryRun = new DryRun([{ vmId: guid(1) }], caller.signal);
      preparation = { ...job, dryRun, signal: dryRun.signal };
      return survey().then(
        () => 'answered',
        (error: unknown) => String(error),
      );
    });
    await new Promise((resolve) => setImmediate(resolve));
    hosts.items.set('hv2', () => [item(vm(11, shared))]);
    preparation = job;
    expect((await survey()).keep).toEqual([shared]);
    caller.abort(new Error('gone'));
    expect(new Set(await Promise.all(dryRuns))).toEqual(new Set(['Error: gone']));
    silent.resolve(undefined);
  });
});
