import { DeleteVmByNameRequest } from '@aether-v/types';
import * as fc from 'fast-check';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { auditOptions } from '../../src/audit/audit-options.ts';
import { lineOf, maxLineBytes } from '../../src/audit/record-line.ts';
import { parseRecord } from '../../src/audit/records/parse-record.ts';
import { entryFor, time } from '../support/audit-chains.ts';

const strict = { additionalProperties: false };

test('options are the simple fields that fit the schema', () => {
  const body = { name: 'SQL-01', force: 'yes', deleteDisks: true, other: 1, constructor: 'x' };
  expect(auditOptions(DeleteVmByNameRequest, body)).toEqual({ name: 'SQL-01', deleteDisks: true });
});

test.each([undefined, null, 'text', [], {}, Object.create({ force: true })])(
  'the body %j has no options',
  (body) => {
    expect(auditOptions(DeleteVmByNameRequest, body)).toBeNull();
  },
);

test('fields for secrets are never recorded', () => {
  const schema = Type.Object(
    { user: Type.String(), password: Type.String({ writeOnly: true }), nested: Type.Object({}) },
    strict,
  );
  expect(auditOptions(schema, { user: 'ada', password: 's3cret', nested: {} })).toEqual({ user: 'ada' });
});

test('the line of a record with options is bounded and one line, and is read as it was written', () => {
  const names = Array.from({ length: 20 }, (_, number) => `option${number}`);
  const schema = Type.Object(Object.fromEntries(names.map((name) => [name, Type.String()])), strict);
  const text = fc.string({ unit: 'binary', maxLength: 200 });
  fc.assert(
    fc.property(fc.array(text, { minLength: 20, maxLength: 20 }), (texts) => {
      const options = auditOptions(schema, Object.fromEntries(names.map((name, at) => [name, texts[at]])));
      const entry = entryFor('x'.repeat(300), { options: options ?? {} });
      const line = lineOf(entry, {}, { timestamp: time, seq: 1, prev: '0'.repeat(64) });
      expect(Buffer.byteLength(line)).toBeLessThan(maxLineBytes);
      // eslint-disable-next-line no-control-regex -- these are what must not be there
      expect(line).not.toMatch(/[\u0000-\u001f\u2028]/);
      const read = parseRecord(line)?.options ?? [];
      expect(Object.fromEntries(read.map(({ name, value }) => [name, value]))).toEqual(options);
    }),
  );
});
