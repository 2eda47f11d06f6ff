import type { Binding } from './protocol.ts';
import {
  initial,
  successors,
  violations,
  type Attacker,
  type State,
  type Violation,
  type World,
} from './world.ts';

const oneVm = { A: 'vm1', B: 'vm1' };
const usual = {
  vms: { A: 'vm1', B: 'vm2' },
  sharesKey: false,
  hasStaleKey: false,
  boot: 'announced',
} as const;

/** The situations in which the bindings are tried. */
export const situations = {
  'two VMs': { ...usual, boot: 'announced' },
  'no boot': { ...usual, boot: 'none' },
  'an unannounced boot': { ...usual, boot: 'unannounced' },
  'one VM, two operations': { ...usual, vms: oneVm },
  'two VMs with one memory image': { ...usual, sharesKey: true },
  'one VM that keeps its key': { ...usual, vms: oneVm, sharesKey: true },
  'a key of an earlier operation in the pool': { ...usual, hasStaleKey: true },
} as const satisfies Record<string, Omit<World, 'attacker' | 'removed'>>;

/** The name of a situation. */
export type Situation = keyof typeof situations;

/** Visits every state that can be reached. Returns the violated properties, and the number of states. */
export function explore(world: World): { violations: Violation[]; states: number } {
  const seen = new Set<string>();
  const open: State[] = [initial];
  const found = new Set<Violation>();
  while (open.length > 0) {
    const state = open.pop() ?? initial;
    const identity = JSON.stringify(state);
    if (seen.has(identity)) continue;
    seen.add(identity);
    for (const violation of violations(state)) found.add(violation);
    open.push(...successors(state, world));
  }
  return { violations: [...found].sort(), states: seen.size };
}

/** Returns the violated properties of a situation. */
export function attacks(
  situation: Situation,
  attacker: Attacker,
  removed: readonly Binding[] = [],
): Violation[] {
  return explore({ ...situations[situation], attacker, removed: new Set(removed) }).violations;
}
