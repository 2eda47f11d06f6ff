import { describe, expect, test } from 'vitest';
import { attacks, explore, situations, type Situation } from '../model/explore.ts';
import { bindings, type Binding } from '../model/protocol.ts';
import type { Attacker } from '../model/world.ts';

const names = Object.keys(situations) as Situation[];
const attackers: Attacker[] = ['passive', 'host-items', 'guest-items', 'late-guest-items', 'all-items'];

test.each(names)('in the model, attackers that write no guest items violate no property: %s', (situation) => {
  for (const attacker of ['passive', 'host-items'] as const) {
    expect({ attacker, found: attacks(situation, attacker) }).toEqual({ attacker, found: [] });
  }
});

test('in the model, an attacker that writes guest items after the first key needs an announced reboot', () => {
  expect(attacks('no boot', 'late-guest-items')).toEqual([]);
  expect(attacks('an unannounced boot', 'late-guest-items')).toEqual([]);
  expect(attacks('two VMs', 'late-guest-items')).toEqual(['report', 'secrecy']);
});

test.each(names)(
  'in the model, an attacker that swaps the first key reads the document and forges the report, but no guest applies a wrong document: %s',
  (situation) => {
    for (const attacker of ['guest-items', 'all-items'] as const) {
      expect(attacks(situation, attacker)).toEqual(['report', 'secrecy']);
    }
  },
);

/** What is found when a binding is removed that was not found with all of them, by situation and attacker. */
function newAttacks(binding: Binding): string[] {
  return names.flatMap((situation) =>
    attackers.flatMap((attacker) => {
      const before: readonly string[] = attacks(situation, attacker);
      return attacks(situation, attacker, [binding])
        .filter((violation) => !before.includes(violation))
        .map((violation) => `${situation}, ${attacker}: ${violation}`);
    }),
  );
}

/** An attack for each binding; null if it is redundant. */
const expected = {
  signature: 'two VMs, host-items: authenticity',
  order: 'two VMs, all-items: authenticity',
  vm: null,
  operation: 'one VM that keeps its key, host-items: authenticity',
  epoch: 'one VM that keeps its key, passive: once',
  nonce: null,
  keyDigest: null,
  once: 'two VMs, passive: once',
  requestInKey: 'a key of an earlier operation in the pool, passive: secrecy',
  announcement: 'an unannounced boot, late-guest-items: secrecy',
  observedBoot: null,
} satisfies Record<Binding, string | null>;

describe('in the model, a binding', () => {
  test.each(bindings)('that is removed gives the expected attack, or is redundant: %s', (binding) => {
    const found = newAttacks(binding);
    const attack = expected[binding];
    if (attack === null) expect(found).toEqual([]);
    else expect(found).toContain(attack);
  });

  test('that is redundant alone matters if another one fails: the VM without the operation, in a copied memory image', () => {
    expect(attacks('two VMs with one memory image', 'host-items', ['vm', 'operation'])).toContain(
      'authenticity',
    );
  });
});

test('the model has more than a hundred states', () => {
  const world = { ...situations['two VMs'], attacker: 'all-items', removed: new Set<Binding>() } as const;
  expect(explore(world).states).toBeGreaterThan(100);
});
