import fc from 'fast-check';
import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { keyPair } from '../scripts/vectors/keys.ts';
import { collectItems, gatherSealedText, open, seal, toItems, type Item, type Opener } from '../src/index.ts';
import { keys } from './support/vectors.ts';

const seed = Number(process.env['AETHER_SEED'] ?? 1);
const sample = { seed, numRuns: process.env['AETHER_LONG'] === '1' ? 20_000 : 300 };
const sealedText = fc
  .tuple(fc.integer({ min: 1, max: 55_800 }), fc.integer())
  .map(([length, salt]) => text(length, salt));
const generation = fc.integer({ min: 1, max: 999 });

/** A text of base64url that differs with its salt. */
function text(length: number, salt: number): string {
  const block = createHash('sha512').update(String(salt)).digest('base64url');
  return block.repeat(Math.ceil(length / block.length)).slice(0, length);
}

/** Changes that a store, a torn read or an attacker makes to a set of items. */
const changes = {
  loss: (items: Item[], at: number) => items.filter((_, index) => index !== at % items.length),
  truncation: (items: Item[], at: number) => withValue(items, at, (value) => value.slice(0, -1)),
  'a changed character': (items: Item[], at: number) =>
    withValue(items, at, (value) => (value.startsWith('A') ? 'B' : 'A') + value.slice(1)),
  'a contradictory duplicate': (items: Item[], at: number) => [
    ...items,
    { name: items[at % items.length]?.name ?? '', value: 'x' },
  ],
} satisfies Record<string, (items: Item[], at: number) => Item[]>;

function withValue(items: Item[], at: number, change: (value: string) => string): Item[] {
  return items.map((item, index) =>
    index === at % items.length ? { name: item.name, value: change(item.value) } : item,
  );
}

describe('chunks of any sealed text', () => {
  test('give the same text in any order, with duplicates and items of others', () => {
    const property = fc.property(
      sealedText,
      generation,
      fc.infiniteStream(fc.nat()),
      (sealed, number, random) => {
        const items = toItems(sealed, number);
        const noise = [
          { name: 'OSName', value: 'x' },
          ...items.slice(0, 3),
          ...toItems(text(2000, 1), number + 1).slice(0, -1),
        ];
        const shuffled = [...items, ...noise]
          .map((item) => ({ item, order: random.next().value as number }))
          .sort((a, b) => a.order - b.order)
          .map(({ item }) => item);
        expect(gatherSealedText(collectItems(shuffled))).toEqual({ kind: 'complete', text: sealed });
      },
    );
    fc.assert(property, sample);
  });

  test.each(Object.entries(changes))('never give a text after %s', (_, change) => {
    const property = fc.property(sealedText, generation, fc.nat(), (sealed, number, at) => {
      const gathered = gatherSealedText(collectItems(change(toItems(sealed, number), at)));
      expect(gathered.kind).not.toBe('complete');
    });
    fc.assert(property, sample);
  });

  test('never give a text mixed of two generations, however far each was written', () => {
    const property = fc.property(sealedText, sealedText, fc.nat(), fc.nat(), (old, next, left, written) => {
      const oldItems = toItems(old, 1);
      const newItems = toItems(next, 2);
      // The service removes the old manifest and chunks before it adds the new chunks, and then the new manifest.
      const seen = [
        ...oldItems.slice(0, left % (oldItems.length + 1)),
        ...newItems.slice(0, written % (newItems.length + 1)),
      ];
      const gathered = gatherSealedText(collectItems(seen));
      if (gathered.kind === 'complete') expect([old, next]).toContain(gathered.text);
    });
    fc.assert(property, sample);
  });
});

describe('sealed texts of several guests', () => {
  const vms = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const;
  const operations = [
    '01890a5d-ac96-774b-bcce-b302099a8057',
    '01890a5d-ac96-774b-bcce-b302099a8058',
  ] as const;
  const nonces = [1, 2].map((byte) => Buffer.alloc(32, byte).toString('base64url'));
  const names = ['guest', 'guest-after-reboot'] as const;
  const guests = [0, 1].flatMap((vm) =>
    [0, 1].flatMap((op) => [0, 1].map((key) => ({ vm, op, key, epoch: key + 1, nonce: key }))),
  );
  const sealed: string[] = [];

  function openerOf({ vm, op, key, epoch, nonce }: (typeof guests)[number]): Opener {
    const pair = keyPair(keys, names[key] ?? 'guest');
    return {
      vm: vms[vm] ?? '',
      operation: operations[op] ?? '',
      key: { epoch, nonce: nonces[nonce] ?? '', publicKey: pair },
      privateKey: pair.privateKey,
      trusted: [keyPair(keys, 'signing')],
      completed: [],
    };
  }

  beforeAll(async () => {
    const reportKey = Buffer.alloc(32, 1).toString('base64url');
    for (const [index, guest] of guests.entries()) {
      const plaintext = JSON.stringify({ version: 1, reportKey, hostname: `guest-${index}` });
      sealed.push(await seal(Buffer.from(plaintext), openerOf(guest), keyPair(keys, 'signing')));
    }
  });

  test('open only for the guest, operation and boot that they were sealed to', async () => {
    for (const [to, guest] of guests.entries()) {
      for (const [from, given] of sealed.entries()) {
        const opened = await open(given, openerOf(guest));
        expect({ from, to, kind: opened.kind }).toEqual({
          from,
          to,
          kind: from === to ? 'opened' : 'refused',
        });
      }
    }
  });

  test('never open after parts of two of them are exchanged', async () => {
    const property = fc.asyncProperty(
      fc.nat({ max: 7 }),
      fc.nat({ max: 7 }),
      fc.nat({ max: 5 }),
      async (one, other, part) => {
        fc.pre(one !== other);
        const parts = sealed[one]?.split('.') ?? [];
        const foreign = sealed[other]?.split('.')[part] ?? '';
        fc.pre(parts[part] !== foreign);
        parts[part] = foreign;
        for (const guest of guests) {
          expect(await open(parts.join('.'), openerOf(guest))).toEqual({
            kind: 'refused',
            code: 'signature',
          });
        }
      },
    );
    await fc.assert(property, { seed, numRuns: 60 });
  });
});
