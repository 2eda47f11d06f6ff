import type { Response } from 'light-my-request';
import { vmActionOf, vmActions } from '@aether-v/types';
import { FakeHost } from './fake-agents.ts';
import { guid, vmFacts } from './facts.ts';
import type { FakeClock } from './fake-clock.ts';
import { signed1 } from './signer.ts';
import { startTestApp, type TestApp } from './test-app.ts';

export const signer = { key: 'plain-api-key', secret: 's3cret'.repeat(6) };
export const signing = { API_KEY: signer.key, HMAC_SECRET: signer.secret };

/** The service with two hosts that do at once what they are asked to. */
export class ControlService {
  readonly clock: FakeClock;
  readonly hosts: readonly [FakeHost, FakeHost];
  /** The operations that hosts ran. */
  readonly asked: string[] = [];
  #service: TestApp | undefined;
  #stamps = 0;

  constructor(clock: FakeClock) {
    this.clock = clock;
    this.hosts = [this.#host('hv01'), this.#host('hv02')];
    const off = { state: 'Off', startedAt: null } as const;
    this.hosts[0].vms.set(guid(1), vmFacts(guid(1), { name: 'web01', ...off }));
    this.hosts[0].vms.set(guid(2), vmFacts(guid(2), { name: 'db 01', state: 'Running' }));
    this.hosts[0].vms.set(guid(3), vmFacts(guid(3), { name: 'twin', ...off }));
    this.hosts[1].vms.set(guid(4), vmFacts(guid(4), { name: 'twin', ...off }));
  }

  get service(): TestApp {
    if (this.#service === undefined) throw new Error('The service was not started.');
    return this.#service;
  }

  async start(environment: Record<string, string> = signing): Promise<void> {
    this.#service = await startTestApp({ hosts: this.hosts, clock: this.clock, environment });
  }

  async close(): Promise<void> {
    await this.#service?.app.close();
  }

  /** The time in seconds, another one each time. */
  stamp(offsetSeconds = 0): string {
    this.#stamps += 1;
    return (this.clock.now() / 1000 + offsetSeconds + this.#stamps / 1e6).toFixed(6);
  }

  post(url: string, headers: Record<string, string>, body: string | Buffer = '{}'): Promise<Response> {
    return this.service.send({
      method: 'POST',
      url,
      headers: { host: '192.0.2.1:8000', ...headers },
      payload: body,
    });
  }

  /** Sends an action with signature 1. */
  act(action: string, body = '{}', timestamp = this.stamp()): Promise<Response> {
    return this.post(`/vm/${action}`, signed1(signer, body, timestamp), body);
  }

  #host(name: string): FakeHost {
    const host = new FakeHost(name, this.clock);
    host.respond = ({ op, request }) => {
      const { vmId = '', force } = request as { vmId?: string; force?: boolean };
      const action = vmActionOf(op);
      if (action === null) return [{ type: 'result', result: { count: 0 } }];
      this.asked.push(`${op} ${host.vms.get(vmId)?.name ?? '?'}@${name}${force === true ? ' force' : ''}`);
      return [{ type: 'result', result: { vmId, state: vmActions[action].target } }];
    };
    return host;
  }
}
