import { startFleet, type SimulatedFleet } from '@aether-v/hyperv-sim/fleet';
import type { VmList } from '@aether-v/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Running } from '../../src/processes.ts';
import { ask, startService } from '../../src/service.ts';
import { until } from '../../src/stack.ts';
import { CallMaker, type Call } from './calls.ts';
import { ApiDocument } from './document.ts';
import { asCurl, fault, send } from './judge.ts';
import { LiveFleet } from './live-fleet.ts';
import { Random } from './random.ts';

const calls = Number(process.env['FUZZ_CALLS'] ?? (process.env.AETHER_LONG === '1' ? 20_000 : 2000));
const seed = Number(process.env.AETHER_SEED ?? 1);
const password = 'fuzz';
const apiKey = 'a key of the fuzz, long enough to be one';

/** The calls between two readings of the fleet. */
const callsPerReading = 250;
const concurrent = 12;

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

test(`every response to ${calls} calls made from the OpenAPI document is as it says (seed ${seed})`, async () => {
  const random = new Random(seed);
  const maker = new CallMaker(document, live, random);
  const faults: string[] = [];
  const statuses = new Map<string, Set<number>>();
  const judge = async (call: Call): Promise<void> => {
    const answer = await send(service.ready, call, credentials(call));
    const seen = statuses.get(call.operation.id) ?? new Set();
    statuses.set(call.operation.id, seen.add(answer.status));
    const found = fault(document, call, answer);
    if (found !== undefined) faults.push(`${call.operation.id}: ${found}\n  ${asCurl(service.ready, call)}`);
  };
  for (let begun = 0; begun < calls;) {
    await live.read(random);
    const end = Math.min(begun + callsPerReading, calls);
    while (begun < end && faults.length < 20) {
      const some: Call[] = [];
      for (; some.length < concurrent && begun < end; begun += 1) {
        const operation = document.operations[begun % document.operations.length];
        if (operation !== undefined) some.push(maker.call(operation));
      }
      await Promise.all(some.map(judge));
    }
    if (faults.length >= 20) break;
  }
  if (process.env['AETHER_FUZZ_STATUSES'] === '1') {
    for (const [id, seen] of statuses) console.log(id, [...seen].sort().join(' '));
  }
  expect(faults).toEqual([]);
  expect([...statuses.keys()].toSorted()).toEqual(document.operations.map(({ id }) => id).toSorted());
}, 900_000);
