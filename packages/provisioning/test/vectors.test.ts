import { describe, expect, test } from 'vitest';
import { keyPair, keyNames } from '../scripts/vectors/keys.ts';
import { guestItemName } from '../scripts/vectors/macs.ts';
import { operation } from '../scripts/vectors/openings.ts';
import type { OpeningVector } from '../scripts/vectors/types.ts';
import {
  collectItems,
  gatherSealedText,
  isRebootAuthentic,
  isReportAuthentic,
  itemLimits,
  open,
  readGuestItems,
} from '../src/index.ts';
import { guestItems, keys, macs, openings } from './support/vectors.ts';

async function resultOf({ guest, items }: OpeningVector) {
  const gathered = gatherSealedText(collectItems(items));
  if (gathered.kind === 'incomplete') return { result: 'incomplete' };
  if (gathered.kind === 'refused') return { result: 'refused', code: gathered.code };
  const pair = keyPair(keys, guest.key);
  const opened = await open(gathered.text, {
    vm: guest.vm,
    operation: guest.operation,
    key: { epoch: guest.epoch, nonce: guest.nonce, publicKey: pair },
    privateKey: pair.privateKey,
    trusted: guest.trusted.map((name) => keyPair(keys, name)),
    completed: guest.completed,
  });
  return opened.kind === 'refused'
    ? { result: 'refused', code: opened.code }
    : { result: 'opened', plaintext: Buffer.from(opened.plaintext).toString() };
}

describe('the vectors of the protocol', () => {
  test('keys.json has all key pairs with their digests', () => {
    expect(keys.map(({ name }) => name)).toEqual(keyNames);
    for (const { name, digest, spki } of keys) {
      const pair = keyPair(keys, name);
      expect([pair.digest, pair.spki.toString('base64url')]).toEqual([digest, spki]);
    }
  });

  test.each(openings)('a sealed text gives the result of its vector: $why', async (vector) => {
    const { result, code, plaintext } = vector;
    expect(await resultOf(vector)).toEqual({
      result,
      ...(code === undefined ? {} : { code }),
      ...(plaintext === undefined ? {} : { plaintext }),
    });
  });

  test('the items of every opening vector keep to the limits of the protocol', () => {
    for (const { items } of openings) {
      expect(items.length).toBeLessThanOrEqual(itemLimits.items);
      expect(items.every(({ name, value }) => name.length <= 200 && value.length <= 900)).toBe(true);
      expect(items.reduce((sum, { name, value }) => sum + name.length + value.length, 0)).toBeLessThanOrEqual(
        itemLimits.bytes,
      );
    }
  });

  test.each(guestItems)(
    'a guest item is well-formed exactly if its vector says so: $item, $why',
    (vector) => {
      const { item, value, wellFormed } = vector;
      const read = readGuestItems(new Map([[guestItemName(item), value]]), operation);
      expect(read[item] !== null).toBe(wellFormed);
    },
  );

  test.each(macs)('a MAC is valid exactly if its vector says so: $item, $why', (vector) => {
    const { item, value, reportKey, keyDigest = '', valid } = vector;
    const { reboot, report } = readGuestItems(new Map([[guestItemName(item), value]]), operation);
    const reportKeys = [Buffer.alloc(32, 5), Buffer.from(reportKey, 'base64url')];
    const isAuthentic =
      item === 'reboot'
        ? reboot !== null && isRebootAuthentic(reboot, keyDigest, reportKeys)
        : report !== null && isReportAuthentic(report, reportKeys);
    expect(isAuthentic).toBe(valid);
  });
});
