import {
  isActionAllowed,
  isTransitional,
  VmFacts,
  vmActionNames,
  vmActions,
  type VmActionName,
  type VmState,
} from '@aether-v/types';
import * as fc from 'fast-check';
import { Compile } from 'typebox/compile';
import { expect, test } from 'vitest';
import { EngineError, HyperVEngine, type EngineJob, type VmSpec } from '../src/engine/index.ts';
import { createFakeClock, type FakeClock } from '../src/testing.ts';
import { smallFleetSpec } from './small-fleet.ts';

const factsCheck = Compile(VmFacts);
const hostIds = ['n1', 'n2'];

const specs: readonly VmSpec[] = [
  { name: 'A', role: 'web', state: 'Running', memoryGb: 4 },
  { name: 'B', role: 'database', state: 'Off' },
  { name: 'C', role: 'desktop', state: 'Running', manners: 'unsaved-work' },
  { name: 'D', role: 'build', state: 'Running', manners: 'hangs' },
  { name: 'E', role: 'utility', os: 'appliance', generation: 1, state: 'Saved' },
];

type Step =
  | { readonly do: 'power'; readonly vm: number; readonly action: VmActionName; readonly force: boolean }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'migrate' | 'delete' | 'storage'; readonly vm: number }
  | { readonly do: 'create'; readonly spec: number }
  | { readonly do: 'cancel'; readonly job: number };

const vm = fc.nat({ max: 7 });
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('power' as const),
      vm,
      action: fc.constantFrom(...vmActionNames),
      force: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.oneof(fc.nat({ max: 3_000 }), fc.nat({ max: 400_000 })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('migrate' as const, 'delete' as const, 'storage' as const),
      vm,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('create' as const), spec: fc.nat({ max: specs.length - 1 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), job: fc.nat({ max: 5 }) }) },
);

/** States that may follow a state; the actions of the table, and what ends them. */
function mayFollow(from: VmState, to: VmState): boolean {
  if (from === to) return true;
  if (
    vmActionNames.some(
      (name) => isActionAllowed(name, { state: from, critical: false }) && vmActions[name].transition === to,
    )
  )
    return true;
  const ends = vmActionNames
    .filter((name) => vmActions[name].transition === from)
    .map((name): VmState => vmActions[name].target);
  // a guest that refuses or hangs, and a save that is cancelled, lead back
  const back: readonly VmState[] =
    from === 'Stopping' ? ['Running'] : from === 'Saving' ? ['Running', 'Paused'] : [];
  if (ends.includes(to) || back.includes(to)) return true;
  // lost storage pauses, its return resumes; turning off a critical VM works in any state
  return (
    (from === 'Running' && to === 'Paused') || (from === 'Paused' && to === 'Running') || to === 'Stopping'
  );
}

class World {
  readonly clock: FakeClock = createFakeClock();
  readonly engine = new HyperVEngine({ clock: this.clock, seed: 'property', fleet: smallFleetSpec });
  readonly jobs: EngineJob[] = [];
  readonly ids: string[] = [];
  readonly history: string[] = [];
  readonly #states = new Map<string, VmState>();

  constructor() {
    this.engine.subscribe(({ hostId, vmId }) => {
      const facts = this.engine.vm(hostId, vmId);
      this.history.push(`${this.clock.now()} ${hostId} ${JSON.stringify(facts)}`);
      if (!facts) return;
      expect(factsCheck.Check(facts)).toBe(true);
      const before = this.#states.get(vmId);
      if (before) expect(mayFollow(before, facts.state), `${before} -> ${facts.state}`).toBe(true);
      this.#states.set(vmId, facts.state);
    });
    for (const spec of specs) this.ids.push(this.engine.createVm('n1', spec).vmId);
  }

  take(one: Step): void {
    if (one.do === 'wait') {
      this.clock.advance(one.ms);
      return;
    }
    if (one.do === 'create') {
      const spec = specs[one.spec];
      if (spec) this.ids.push(this.engine.createVm('n2', spec).vmId);
      return;
    }
    if (one.do === 'cancel') {
      this.jobs.at(-1 - one.job)?.cancel();
      return;
    }
    const vmId = this.ids[one.vm % this.ids.length] ?? '';
    const hostId = hostIds.find((id) => this.engine.vm(id, vmId)) ?? 'n1';
    const before = this.engine.vm(hostId, vmId);
    try {
      this.#act(one, hostId, vmId);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      expect(this.engine.vm(hostId, vmId), 'a refusal changes nothing').toBe(before);
    }
  }

  #act(one: Extract<Step, { readonly vm: number }>, hostId: string, vmId: string): void {
    const facts = this.engine.vm(hostId, vmId);
    switch (one.do) {
      case 'power': {
        const job = this.engine.power(hostId, vmId, one.action, { force: one.force });
        expect(facts && isActionAllowed(one.action, facts), 'only what the table allows').toBe(true);
        this.jobs.push(job);
        return;
      }
      case 'migrate':
        this.jobs.push(this.engine.migrate(hostId, vmId, hostId === 'n1' ? 'n2' : 'n1'));
        return;
      case 'delete':
        this.engine.deleteVm(hostId, vmId);
        return;
      case 'storage':
        this.engine.setStorageLost(hostId, vmId, facts?.critical !== true);
    }
  }
}

function play(steps: readonly Step[]): World {
  const world = new World();
  for (const one of steps) world.take(one);
  world.clock.advance(10 * 60_000);
  return world;
}

test('under arbitrary actions: no illegal state, every transition and job ends, each VM is in one place', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { engine, jobs, ids, clock } = play(steps);
      for (const job of jobs) expect(job.state).not.toBe('running');
      for (const job of jobs) expect(job.error === null).toBe(job.state === 'completed');
      for (const vmId of ids) {
        const places = hostIds.flatMap((hostId) => engine.vm(hostId, vmId) ?? []);
        expect(places.length).toBeLessThanOrEqual(1);
        for (const facts of places) {
          expect(isTransitional(facts.state)).toBe(false);
          expect(facts.activity).toBeNull();
          expect(facts.startedAt === null).toBe(facts.state === 'Off' || facts.state === 'Saved');
        }
      }
      expect(clock.pending).toBe(0);
    }),
    { numRuns: 300, seed: 42 },
  );
});

test('the same steps with the same seed and time give exactly the same history', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      expect(play(steps).history).toEqual(play(steps).history);
    }),
    { numRuns: 40, seed: 7 },
  );
});
