import 'reflect-metadata';
import { readFileSync } from 'node:fs';
import {
  contractSchemas,
  DeleteVmByNameRequest,
  EmptyRequest,
  JobLogQuery,
  JobQuery,
  ShutdownRequest,
  StreamInterest,
  VmQuery,
  jobStates,
  vmSorts,
  vmSummaryFields,
  vmStates,
} from '@aether-v/types';
import fc from 'fast-check';
import { IsObject, type TObject } from 'typebox';
import { Check } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { ValidatedPipe } from '../../../src/http/validation/validated.pipe.ts';
import { ProblemError } from '../../../src/problems/problem-error.ts';

const ids = [
  'hv01',
  'hv01.example.com',
  'HV01',
  '-a',
  '',
  `a${'b'.repeat(254)}`,
  `a${'b'.repeat(255)}`,
  'a\n',
];
const guids = [
  '0a1b2c3d-0000-4000-8000-00000000000f',
  '0A1B2C3D-0000-4000-8000-00000000000f',
  '0a1b2c3d-0000-4000-8000-00000000000',
  '0a1b2c3d-0000-4000-8000-00000000000f@hv01',
  '0a1b2c3d-0000-4000-8000-00000000000f\n',
];
const lists = (values: readonly string[]): fc.Arbitrary<unknown> =>
  fc.oneof(fc.array(fc.constantFrom(...values), { maxLength: 3 }), fc.constant(Array(101).fill(values[0])));
const texts = (...lengths: number[]): fc.Arbitrary<unknown> =>
  fc.constantFrom(...lengths).map((length) => 'x'.repeat(length));
const page = {
  offset: fc.constantFrom(0, 1, -1, 1_000_000, 1_000_001, 0.5),
  limit: fc.constantFrom(0, 1, 100, 1000, 1001, 1.5, Number.NaN),
};
const junk = fc.constantFrom<unknown>(null, true, 'x', 7, [], [null], {}, ['x'], [7], undefined);

const cases: [string, TObject, Record<string, fc.Arbitrary<unknown>>][] = [
  [
    'VmQuery',
    VmQuery,
    {
      ...page,
      state: lists([...vmStates, 'off', 'Sleeping']),
      hostId: lists(ids),
      clusterId: lists(guids),
      search: texts(0, 1, 200, 201),
      sort: fc.constantFrom(...vmSorts, '--name', 'Name', ''),
      fields: lists([...vmSummaryFields, 'disks', '']),
      cursor: texts(0, 1, 4096, 4097),
    },
  ],
  [
    'JobQuery',
    JobQuery,
    { ...page, state: lists([...jobStates, 'done']), hostId: lists(ids), vmId: lists(guids) },
  ],
  ['JobLogQuery', JobLogQuery, { ...page }],
  ['ShutdownRequest', ShutdownRequest, { force: fc.boolean() }],
  [
    'DeleteVmByNameRequest',
    DeleteVmByNameRequest,
    { name: texts(0, 1, 1024, 1025), force: fc.boolean(), deleteDisks: fc.boolean() },
  ],
  ['StreamInterest', StreamInterest, { vmIds: lists(guids), hostIds: lists(ids) }],
  ['EmptyRequest', EmptyRequest, {}],
];

/** The part of a request that only the service sends: no body of the REST API contains it. */
const ofService = 'expected';

/** Requests to hosts: what the REST API accepts later is made of them, and they nest deeper. */
const requests = Object.entries(contractSchemas()).flatMap(([name, schema]): [string, TObject][] => {
  if (!name.endsWith('.request') || !IsObject(schema)) return [];
  const { [ofService]: _, ...properties } = schema.properties;
  return [[name, Object.assign(Object.create(schema) as TObject, schema, { properties })]];
});

function accepts(pipe: ValidatedPipe<TObject>, value: unknown): boolean {
  try {
    pipe.transform(value);
    return true;
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'validation-failed') return false;
    throw error;
  }
}

describe('the class derived from a schema returns the same verdicts as the schema', () => {
  test.each(cases)('%s, generated values', (_, schema, fields) => {
    const pipe = ValidatedPipe.body(schema);
    const all = { ...fields, constructor: fc.constant(1), colour: junk };
    const required = new Set<string>(schema.required);
    const [needed, others] = [true, false].map((isNeeded) =>
      Object.entries(all).filter(([name]) => required.has(name) === isNeeded),
    );
    // Few fields at a time, so that most values are valid or only just not.
    const value = fc
      .shuffledSubarray(others ?? [], { maxLength: Math.min(3, others?.length ?? 0) })
      .chain((chosen) => {
        const arbitraries = [...(needed ?? []), ...chosen].map(
          ([name, values]) =>
            [name, fc.oneof({ weight: 12, arbitrary: values }, { weight: 1, arbitrary: junk })] as const,
        );
        return fc.record(Object.fromEntries(arbitraries));
      });
    let accepted = 0;
    let refused = 0;
    const run = fc.property(value, (candidate) => {
      // JSON and queries have no undefined.
      const sent = Object.fromEntries(
        Object.entries(candidate).filter(([, content]) => content !== undefined),
      );
      const verdict = accepts(pipe, sent);
      if (verdict) accepted += 1;
      else refused += 1;
      expect(verdict).toBe(Check(schema, sent));
    });
    fc.assert(run, { numRuns: 1500 });
    expect(Math.min(accepted, refused)).toBeGreaterThan(20);
  });

  test.each(requests)('%s, the vectors of the contract', (name, schema) => {
    const pipe = ValidatedPipe.body(schema);
    const path = new URL(`../../../../../packages/types/vectors/${name}.json`, import.meta.url);
    const vectors = JSON.parse(readFileSync(path, 'utf8')) as { why: string; valid: boolean; json: string }[];
    const objects = vectors.filter(({ json }) => json.startsWith('{') && !json.includes(`"${ofService}"`));
    const wrong = objects.filter(({ valid, json }) => accepts(pipe, JSON.parse(json)) !== valid);
    expect(wrong.map(({ why }) => why)).toEqual([]);
    expect(objects.length).toBeGreaterThan(0);
  });
});
