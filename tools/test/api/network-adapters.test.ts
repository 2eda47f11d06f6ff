import { resultOfJob } from '@aether-v/types';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { vmSpec } from '../support/hosts.ts';
import { ServedFleet } from '../support/served-fleet.ts';
import { smallFleet } from '../support/small-fleet.ts';

let served: ServedFleet;
let url: string;
let adapterId: string;

beforeAll(async () => {
  served = await ServedFleet.start(smallFleet({ N1: [], N2: [], ALONE: [vmSpec('NET', { network: null })] }));
  url = `/vms/${(await served.vmNamed('NET')).id}/network-adapters`;
});

afterAll(() => served[Symbol.asyncDispose]());

const post = (path: string, body: object) => ({ method: 'POST', path: `${url}${path}`, body }) as const;
const adapters = () => served.facts('NET').networkAdapters;

test('POST /network-adapters adds an adapter with its network and VLAN', async () => {
  const job = await served.change(post('', { network: 'servers', macAddress: null }));
  adapterId = resultOfJob(job, 'adapter.add')?.adapter.id ?? '';
  expect(adapters()).toMatchObject([
    { id: adapterId, switchName: 'Production', connected: true, vlan: { mode: 'Access', accessVlanId: 20 } },
  ]);
  await served.shown('NET', ({ networkAdapters }) => networkAdapters.length === 1);
});

test('POST /network-adapters/{adapterId}/connect changes the network, sets the VLAN, and disconnects', async () => {
  await served.change(post(`/${adapterId}/connect`, { network: 'dmz' }));
  expect(adapters()[0]?.vlan.accessVlanId).toBe(30);
  await served.change(post(`/${adapterId}/connect`, { network: 'dmz', vlanId: 99 }));
  expect(adapters()[0]?.vlan.accessVlanId).toBe(99);
  await served.change(post(`/${adapterId}/connect`, { network: null }));
  expect(adapters()[0]).toMatchObject({ connected: false, switchName: null });
});

test('POST /network-adapters/{adapterId}/mac sets the MAC address', async () => {
  await served.change(post(`/${adapterId}/mac`, { macAddress: '00155D0000FF' }));
  expect(adapters()[0]).toMatchObject({ macAddress: '00155D0000FF', dynamicMacAddress: false });
});

test('DELETE /network-adapters/{adapterId} removes the adapter', async () => {
  await served.change({ method: 'DELETE', path: `${url}/${adapterId}` });
  expect(adapters()).toEqual([]);
  await served.shown('NET', ({ networkAdapters }) => networkAdapters.length === 0);
  const again = await served.send<{ code: string }>({ method: 'DELETE', path: `${url}/${adapterId}` });
  expect([again.status, again.body.code]).toEqual([404, 'not-found']);
});
