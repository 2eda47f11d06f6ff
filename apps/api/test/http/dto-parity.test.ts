import 'reflect-metadata';
import {
  DeleteVmRequest,
  EmptyRequest,
  JobLogQuery,
  JobQuery,
  ShutdownRequest,
  VmQuery,
  jobStates,
  vmSorts,
  vmStates,
} from '@aether-v/types';
import fc from 'fast-check';
import type { TObject } from 'typebox';
import { Check } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { DeleteVmRequestDto, EmptyRequestDto, ShutdownRequestDto } from '../../src/http/request-bodies.ts';
import { ValidatedPipe } from '../../src/http/validated.pipe.ts';
import { JobLogQueryDto, JobQueryDto } from '../../src/jobs/job-query.dto.ts';
import { ProblemError } from '../../src/problems/problem-error.ts';
import { VmQueryDto } from '../../src/vms/vm-query.dto.ts';

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

const cases: [string, TObject, new () => object, Record<string, fc.Arbitrary<unknown>>][] = [
  [
    'VmQuery',
    VmQuery,
    VmQueryDto,
    {
      ...page,
      state: lists([...vmStates, 'off', 'Sleeping']),
      hostId: lists(ids),
      clusterId: lists(guids),
      search: texts(0, 1, 200, 201),
      sort: fc.constantFrom(...vmSorts, '--name', 'Name', ''),
      cursor: texts(0, 1, 4096, 4097),
    },
  ],
  [
    'JobQuery',
    JobQuery,
    JobQueryDto,
    { ...page, state: lists([...jobStates, 'done']), hostId: lists(ids), vmId: lists(guids) },
  ],
  ['JobLogQuery', JobLogQuery, JobLogQueryDto, { ...page }],
  ['ShutdownRequest', ShutdownRequest, ShutdownRequestDto, { force: fc.boolean() }],
  [
    'DeleteVmRequest',
    DeleteVmRequest,
    DeleteVmRequestDto,
    { name: texts(0, 1, 1024, 1025), force: fc.boolean(), deleteDisks: fc.boolean() },
  ],
  ['EmptyRequest', EmptyRequest, EmptyRequestDto, {}],
];

function accepts(pipe: ValidatedPipe<object>, value: unknown): boolean {
  try {
    pipe.transform(value);
    return true;
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'validation-failed') return false;
    throw error;
  }
}

describe('the DTO class of each schema', () => {
  it.each(cases)('%s gives the same verdicts', (_, schema, dto, fields) => {
    const pipe = ValidatedPipe.body(schema, dto);
    const all = { ...fields, constructor: fc.constant(1), colour: junk };
    // Few fields at a time, so that most values are valid or only just not.
    const value = fc
      .shuffledSubarray(Object.entries(all), { maxLength: Math.min(3, Object.keys(all).length) })
      .chain((chosen) => {
        const arbitraries = chosen.map(
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
});
