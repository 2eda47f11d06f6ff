import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JobAccepted } from '@aether-v/types';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HostGateway } from '../../src/host-adapter/connect/host-gateway.ts';
import { EquippedHost } from '../support/equipped-host.ts';
import { guid, vmFacts } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

let host: EquippedHost;
let service: TestApp;

/** A host with a VM that is off, and which never ends a check. */
beforeEach(async () => {
  const clock = new FakeClock();
  host = new EquippedHost('hv01', clock);
  host.addVm(1);
  host.host.vms.set(guid(2), vmFacts(guid(2), { name: 'VM-2', state: 'Off', startedAt: null }));
  const { respond } = host.host;
  host.host.respond = (envelope) => (envelope.op === 'operation.check' ? silence : respond(envelope));
  service = await startTestApp({ hosts: [host.host], clock });
  await service.app.listen(0, '127.0.0.1');
});
afterEach(() => service.app.close());

const silence: AsyncIterable<never> = {
  [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
};

/** The number of operations that take a place of the host's limit. */
const taken = (): number | undefined =>
  service.app.get(HostGateway).statusOf(host.host.endpoint.address)?.operations.taken;

/** Fails a start of the VM. @returns The address of its retry. */
async function retryOfFailed(): Promise<string> {
  const { job } = (await service.post(`/api/v1/vms/${guid(1)}/start`)).json<JobAccepted>();
  await until(() => host.running.has(guid(1)));
  host.say(guid(1), { type: 'error', error: { code: 'agent-error', message: 'It broke.', remedy: null } });
  await until(() => service.store.get('job', job.id)?.state === 'failed');
  return `/api/v1/jobs/${job.id}/retry`;
}

const bulk = { command: 'vm.start', vms: [1, 2].map((at) => ({ vmId: guid(at) })) };

describe('a dry run whose caller disconnects', () => {
  test.each<[string, () => string | Promise<string>, object]>([
    ['a command for a VM', () => `/api/v1/vms/${guid(1)}/start`, {}],
    ['a command for several VMs', () => '/api/v1/vms/bulk', bulk],
    ['a command for a host', () => '/api/v1/hosts/hv01/test', {}],
    ['a creation', () => '/api/v1/vms', { name: 'APP-07' }],
    ['a retry', retryOfFailed, {}],
  ])('the dry run of %s stops its check when the caller disconnects', async (_what, pathOf, body) => {
    const path = await pathOf();
    const { port } = service.app.getHttpServer().address() as AddressInfo;
    const headers = { host: 'localhost:8000', 'content-type': 'application/json' };
    const options = { port, host: '127.0.0.1', method: 'POST', path: `${path}?dryRun=true`, headers };
    const client = request(options);
    client.on('error', () => undefined).end(JSON.stringify(body));
    await vi.waitFor(() => expect(host.asked('operation.check').length).toBeGreaterThan(0));
    expect(taken()).toBeGreaterThan(0);
    client.destroy();
    await vi.waitFor(() => expect(taken()).toBe(0));
  });
});
