import { rowKinds, type Vm } from '@aether-v/types';
import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { localAdministrator } from '../../src/auth/principal.ts';
import { FleetStore } from '../../src/inventory/fleet-store.ts';
import type { FleetView } from '../../src/inventory/fleet-view.ts';
import { FleetViews } from '../../src/inventory/fleet-views.ts';
import { UsageStore } from '../../src/inventory/usage-store.ts';
import type { UsageSamples } from '../../src/inventory/usage-watch.ts';
import { guid, vmFacts } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';

// A principal sees the VMs of the host `open`, and no others.
vi.mock('../../src/auth/can-see.ts', async (importOriginal) => ({
  ...(await importOriginal<object>()),
  scopeOf: (_: unknown, { id, hostId }: { id: string; hostId?: string }) => ({ id, hostId }),
  canSee: (_: unknown, kind: string, row: { hostId?: string }) => kind !== 'vm' || row.hostId === 'open',
  seesAll: (_: unknown, kind: string) => kind !== 'vm',
}));

function vm(number: number, hostId: string, name = 'a'): Vm {
  const id = guid(number);
  return {
    ...vmFacts(id, { name }),
    id,
    hostId,
    hostName: hostId,
    clusterId: null,
    clusterName: null,
    addresses: [],
    moving: false,
    stale: null,
    conflict: null,
  };
}

let store: FleetStore;
let usage: UsageStore;
let view: FleetView;

beforeEach(() => {
  store = new FleetStore({ clock: new FakeClock(), epoch: 'e' });
  usage = new UsageStore();
  view = new FleetViews(store, usage).of(localAdministrator);
});

/** The changes since a version as `row 1` or `deleted 1`. */
function changes(since: string): string[] {
  const answer = view.changesSince(since, 1000);
  if ('reset' in answer) throw new Error(`reset: ${answer.reset}`);
  return answer.changes.map(({ type, id }) => `${type} ${String(Number.parseInt(id.slice(-12), 16))}`);
}

describe('a row that the principal does not see', () => {
  beforeEach(() => {
    store.put('vm', vm(1, 'open'));
    store.put('vm', vm(2, 'secret'));
  });

  test('is neither found nor listed', () => {
    expect(view.get('vm', guid(1))).toBeDefined();
    expect(view.get('vm', guid(2))).toBeUndefined();
    expect(view.rows('vm').map(({ id }) => id)).toEqual([guid(1)]);
    expect(view.sortedVms('name').map((placed) => placed.vm.id)).toEqual([guid(1)]);
  });

  test('has no usage, neither read nor watched', () => {
    const heard: UsageSamples[] = [];
    view
      .watchUsage((samples) => heard.push(samples))
      .setInterest({
        vmIds: new Set([guid(1), guid(2)]),
        hostIds: new Set(),
      });
    const sample = {
      sampledAt: '2026-01-01T00:00:00Z',
      cpuPercent: 1,
      memoryAssigned: 1,
      memoryDemand: null,
    };
    const put = (number: number): void =>
      usage.put({ vms: new Map([[guid(number), { vmId: guid(number), ...sample }]]), hosts: new Map() });
    put(2);
    put(1);
    expect(heard.map(({ vms }) => [...vms.keys()])).toEqual([[guid(1)]]);
    expect(view.vmUsage(guid(1))).toBeDefined();
    expect(view.vmUsage(guid(2))).toBeUndefined();
  });
});

describe('changesSince', () => {
  test('deletes a row that became invisible, once', () => {
    store.put('vm', vm(1, 'open'));
    const { version } = store;
    store.put('vm', vm(1, 'secret'));
    store.put('vm', vm(1, 'secret', 'b'));
    expect(changes(version)).toEqual(['deleted 1']);
    expect(changes('e.0')).toEqual(['deleted 1']);
    expect(changes(store.version)).toEqual([]);
  });

  test('says nothing of a row that was never visible', () => {
    store.put('vm', vm(1, 'secret'));
    store.put('vm', vm(1, 'vault'));
    store.remove('vm', guid(1));
    store.put('vm', vm(2, 'secret'));
    expect(changes('e.0')).toEqual([]);
  });

  test('sends a row that became visible, and one that is visible again', () => {
    store.put('vm', vm(1, 'secret'));
    store.put('vm', vm(1, 'open'));
    expect(changes('e.0')).toEqual(['row 1']);
    store.put('vm', vm(1, 'secret'));
    store.put('vm', vm(1, 'open', 'b'));
    expect(changes('e.0')).toEqual(['row 1']);
  });

  test('deletes a row that left, and came back elsewhere', () => {
    store.put('vm', vm(1, 'open'));
    const { version } = store;
    store.remove('vm', guid(1));
    store.put('vm', vm(1, 'secret'));
    expect(changes(version)).toEqual(['deleted 1']);
  });

  test('brings a reader that reads and resumes as it likes to the rows it sees, and tells it no other id', () => {
    const step = fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record({
          do: fc.constant('put'),
          id: fc.nat(4),
          hostId: fc.constantFrom('open', 'secret', 'vault'),
        }),
      },
      {
        weight: 2,
        arbitrary: fc.record({ do: fc.constant('remove'), id: fc.nat(4), hostId: fc.constant('') }),
      },
      {
        weight: 4,
        arbitrary: fc.record({
          do: fc.constant('read'),
          id: fc.integer({ min: 1, max: 3 }),
          hostId: fc.constant(''),
        }),
      },
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        store = new FleetStore({ clock: new FakeClock(), epoch: 'e' });
        view = new FleetViews(store, usage).of(localAdministrator);
        const rows = new Map<string, unknown>();
        const everVisible = new Set<string>();
        let version = 'e.0';
        const read = (limit: number): boolean => {
          const answer = view.changesSince(version, limit);
          if ('reset' in answer) throw new Error(`reset: ${answer.reset}`);
          for (const change of answer.changes) {
            expect(everVisible).toContain(change.id);
            if (change.type === 'row') rows.set(change.id, change.row);
            else rows.delete(change.id);
          }
          ({ version } = answer);
          return answer.more;
        };
        steps.forEach(({ do: what, id, hostId }, at) => {
          if (what === 'put') {
            store.put('vm', vm(id, hostId, String(at)));
            if (hostId === 'open') everVisible.add(guid(id));
          } else if (what === 'remove') store.remove('vm', guid(id));
          else read(id);
        });
        while (read(2));
        expect(rows).toEqual(new Map(view.rows('vm').map((row) => [row.id, row])));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the rule', async () => {
  const real = await vi.importActual<typeof import('../../src/auth/can-see.ts')>('../../src/auth/can-see.ts');
  const commands = ['vm.start', 'vm.delete', 'host.test', 'host.configure', 'unknown'];
  const rows = {
    cluster: [{ id: 'c' }],
    host: [{ id: 'h' }],
    vm: [{ id: 'v' }],
    job: commands.map((command) => ({ id: 'j', command })),
  };

  test.each(rowKinds)('hides every %s from a principal without the permission view', (kind) => {
    const principal = { ...localAdministrator, permissions: new Set(localAdministrator.permissions) };
    principal.permissions.delete('view');
    expect(real.seesAll(principal, kind)).toBe(false);
    expect(rows[kind].some((row) => real.canSee(principal, kind, row))).toBe(false);
  });

  test.each(rowKinds)('shows each %s to a principal that sees all', (kind) => {
    fc.assert(
      fc.property(fc.subarray([...localAdministrator.permissions]), (permissions) => {
        const principal = { ...localAdministrator, permissions: new Set(permissions) };
        const all = rows[kind].every((row) => real.canSee(principal, kind, row));
        if (real.seesAll(principal, kind)) expect(all).toBe(true);
      }),
    );
    expect(real.seesAll(localAdministrator, kind)).toBe(true);
  });
});
