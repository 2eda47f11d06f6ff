import type { Problem } from '@aether-v/types';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EquippedHost } from '../support/equipped-host.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { startTestApp, until, type TestApp } from '../support/test-app.ts';

let clock: FakeClock;
let hosts: EquippedHost[];
let service: TestApp;

/** Hosts that never report their resources. */
beforeEach(async () => {
  clock = new FakeClock();
  hosts = Array.from({ length: 33 }, (_, at) => new EquippedHost(`hv${at}`, clock));
  for (const { host } of hosts) {
    const { respond } = host;
    host.respond = (envelope) => (envelope.op === 'host.resources' ? silence : respond(envelope));
  }
  service = await startTestApp({ hosts: hosts.map(({ host }) => host), clock });
});

afterEach(() => service.app.close());

const silence: AsyncIterable<never> = {
  [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
};

const asked = (): number => hosts.filter((host) => host.asked('host.resources').length > 0).length;

test('the choice of a host ends after a minute with 504', async () => {
  const response = service.post('/api/v1/vms?dryRun=true', { name: 'APP-07' });
  await until(() => asked() === 8);
  await clock.advance(61_000);
  const { status, code, detail } = (await response).json<Problem>();
  expect([status, code]).toEqual([504, 'host-timeout']);
  expect(detail).toContain('Choosing a host took longer than 60 s');
  expect(asked()).toBeLessThan(hosts.length);
});
