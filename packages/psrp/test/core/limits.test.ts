import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { defaultMaxEnvelopeSize as clientEnvelope } from '../../src/client/wsman-client.ts';
import { maxWrittenDepth } from '../../src/clixml/index.ts';
import {
  clientFragmentLimits,
  defaultMaxSentObjectSize,
  serverFragmentLimits,
} from '../../src/core/index.ts';
import { defaultMaxEnvelopeSize as serverEnvelope } from '../../src/server/wsman-listener.ts';

const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');

/** Defaults of client and server by option, as the table of the README has them. */
const table = new Map(
  [...readme.matchAll(/^\|[^|]+\| *([^|]+?) *\| *([^|]+?) *\| *`([^`]+)` *\|$/gm)].map(
    ([, client, server, option]) => [option, [bytes(client ?? ''), bytes(server ?? '')]],
  ),
);

function bytes(text: string): number {
  const [, digits, unit] = /^(\d+)( Mi)?$/.exec(text) ?? [];
  return digits === undefined ? Infinity : Number(digits) * (unit === undefined ? 1 : 1_048_576);
}

test.each(['maxObjectSize', 'maxHeldSize', 'maxIncompleteObjects'] as const)(
  'the README’s limits.%s is right',
  (name) => {
    expect(table.get(`limits.${name}`)).toEqual([clientFragmentLimits[name], serverFragmentLimits[name]]);
  },
);

test('the README’s limits for sent objects are right', () => {
  expect(table.get('maxSentObjectSize')).toEqual([defaultMaxSentObjectSize, Infinity]);
  expect(readme).toContain(`it has ${maxWrittenDepth} levels at most`);
});

test('the README’s envelope sizes are right', () => {
  expect(table.get('maxEnvelopeSize')).toEqual([clientEnvelope, serverEnvelope]);
});
