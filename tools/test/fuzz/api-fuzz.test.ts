import { startFleet, type SimulatedFleet } from '@aether-v/hyperv-sim/fleet';
import type { JobAccepted, VmList } from '@aether-v/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Running } from '../../src/processes.ts';
import { ask, startService } from '../../src/service.ts';
import { until } from '../../src/stack.ts';
import { CallMaker, type Call } from './calls.ts';
import { ApiDocument, type Operation } from './document.ts';
import { asCurl, fault, send } from './judge.ts';
import { LiveFleet } from './live-fleet.ts';
import { Random } from './random.ts';
import { Statuses } from './statuses.ts';

const isLong = process.env.AETHER_LONG === '1';
const calls = Number(process.env['FUZZ_CALLS'] ?? (isLong ? 20_000 : 2000));
const seed = Number(process.env.AETHER_SEED ?? 1);
const password = 'fuzz';
const apiKey = 'a key of the fuzz, long enough to be one';

/** The calls between two readings of the fleet. */
const callsPerReading = 250;
const concurrent = 12;

/** Further rounds for operations that lack a success or a refusal, and the calls of each such operation per round. */
const furtherRounds = 20;
const callsPerRound = 10;

/** Operations that make what another one needs: a job in progress, and a paused VM. */
const preparations: Readonly<Record<string, string>> = { cancelJob: 'createDisk', resumeVm: 'pauseVm' };

let fleet: SimulatedFleet;
let service: Running<string>;
let document: ApiDocument;
let live: LiveFleet;

beforeAll(async () => {
  fleet = await startFleet({ username: 'aether-v', password });
  service = await startService({
    HYPERV_HOSTS: fleet.hostUrls.join(','),
    WINRM_USERNAME: 'aether-v',
    WINRM_PASSWORD: password,
    API_KEY: apiKey,
    ALLOW_IP: '127.0.0.1',
    VM_CONTROL_WAIT: '1',
    RATE_LIMIT_PER_ADDRESS: '1000000',
    RATE_LIMIT_PER_CREDENTIAL: '1000000',
  });
  const vms = fleet.engine.hostIds.flatMap((hostId) => fleet.engine.vms(hostId));
  await until('the fleet is read', async () => (await ask<VmList>(service, '/vms')).total === vms.length);
  document = await ApiDocument.of(service.ready);
  live = new LiveFleet(service.ready);
});

afterAll(async () => {
  live.close();
  await service[Symbol.asyncDispose]();
  await fleet.close();
});

/**
 * The VM control API accepts keys only. A HEAD of this client closes its connection, as a proxy would, so that it is not
 * taken for the local administrator.
 */
const credentials = ({ operation: { path }, method }: Call): Record<string, string> =>
  path.startsWith('/vm/') || method === 'HEAD' ? { 'x-api-key': apiKey } : {};

test(
  `every response to ${calls} calls made from the OpenAPI document is as it says (seed ${seed})`,
  async () => {
    const random = new Random(seed);
    const maker = new CallMaker(document, live, random);
    const faults: string[] = [];
    const statuses = new Statuses();
    const judge = async (call: Call): Promise<void> => {
      const answer = await send(service.ready, call, credentials(call));
      statuses.add(call, answer);
      if (answer.status === 202)
        live.noteJob((JSON.parse(answer.text ?? '') as Partial<JobAccepted>).job?.id);
      const found = fault(document, call, answer);
      if (found !== undefined)
        faults.push(`${call.operation.id}: ${found}\n  ${asCurl(service.ready, call)}`);
    };
    const run = async (operations: readonly Operation[]): Promise<void> => {
      await live.read(random);
      for (let begun = 0; begun < operations.length && faults.length < 20; begun += concurrent) {
        const some = operations.slice(begun, begun + concurrent);
        await Promise.all(some.map((operation) => judge(maker.call(operation))));
      }
    };
    const all = document.operations;
    for (let begun = 0; begun < calls; begun += callsPerReading) {
      const count = Math.min(callsPerReading, calls - begun);
      await run(Array.from({ length: count }, (_, at) => all[(begun + at) % all.length] as Operation));
    }
    // Whether a call succeeds depends on the fleet, which the calls change.
    for (let round = 0; round < furtherRounds; round += 1) {
      const lacking = all.filter((operation) => statuses.lacking(operation).length > 0);
      if (lacking.length === 0) break;
      const some = lacking.flatMap((one) => [...all.filter(({ id }) => id === preparations[one.id]), one]);
      await run(Array.from({ length: callsPerRound }, () => some).flat());
    }
    console.log(statuses.table());
    expect(faults).toEqual([]);
    expect(all.flatMap((one) => statuses.lacking(one).map((what) => `${one.id} lacks ${what}`))).toEqual([]);
  },
  isLong ? 3_600_000 : 900_000,
);
