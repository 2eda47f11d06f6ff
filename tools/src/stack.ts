import { randomUUID } from 'node:crypto';
import type { Host, Job, VmSummary } from '@aether-v/types';
import { freePort, startProcess, type Running } from './processes.ts';
import { requestJson, startService } from './service.ts';

/** What the simulated fleet says when it is ready. */
interface SimulatorReady {
  readonly hostUrls: readonly string[];
  readonly adminUrl: string;
}

/** A simulated fleet and the service over it, as `npm start` runs them: two processes that meet over WinRM. */
export class Stack implements AsyncDisposable {
  readonly url: string;
  readonly #simulator: Running<SimulatorReady>;
  #api: Running<string>;
  readonly #startApi: () => Promise<Running<string>>;

  private constructor(
    simulator: Running<SimulatorReady>,
    api: Running<string>,
    startApi: () => Promise<Running<string>>,
  ) {
    this.#simulator = simulator;
    this.#api = api;
    this.#startApi = startApi;
    this.url = api.ready;
  }

  static async start(
    options: { simulator?: Record<string, string>; api?: Record<string, string> } = {},
  ): Promise<Stack> {
    const password = randomUUID();
    const simulator = await startProcess<SimulatorReady>(
      ['--conditions=@aether-v/source', 'packages/hyperv-sim/src/main.ts'],
      { SIM_USERNAME: 'aether-v', SIM_PASSWORD: password, SIM_EXIT_WITH_PARENT: '1', ...options.simulator },
      (line) => (line.startsWith('{') ? (JSON.parse(line) as SimulatorReady) : undefined),
    );
    const env = {
      PORT: String(await freePort()),
      HYPERV_HOSTS: simulator.ready.hostUrls.join(','),
      WINRM_USERNAME: 'aether-v',
      WINRM_PASSWORD: password,
      ENVIRONMENT_NAME: 'End-to-end',
      ...options.api,
    };
    const startApi = () => startService(env);
    return new Stack(simulator, await startApi(), startApi);
  }

  /** Kills the service without a goodbye. */
  async killApi(): Promise<void> {
    await this.#api.stop('SIGKILL');
  }

  /** Starts the service again, on the same port. */
  async restartApi(): Promise<void> {
    this.#api = await this.#startApi();
  }

  /** Asks the simulated fleet's own admin API: what happens there happens behind the service's back. */
  async simulator<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    return requestJson<T>(this.#simulator.ready.adminUrl, method, path, body);
  }

  /** Asks the service as a script would. */
  async api<T = unknown>(path: string, method = 'GET', body?: unknown): Promise<T> {
    return requestJson<T>(this.url, method, `/api/v1${path}`, body);
  }

  /** All VMs that the service knows. */
  async vms(): Promise<VmSummary[]> {
    return (await this.api<{ items: VmSummary[] }>('/vms?limit=500&sort=name')).items;
  }

  /** Waits until the service has read every host. */
  async settled(): Promise<void> {
    await until('every host is connected and read', async () => {
      const hosts = await this.api<{ items: Host[] } | Host[]>('/hosts');
      const items = Array.isArray(hosts) ? hosts : hosts.items;
      return (
        items.length > 0 &&
        items.every((host) => host.connection.state === 'connected' && host.facts !== null)
      );
    });
  }

  /** The newest jobs. */
  async jobs(): Promise<Job[]> {
    return (await this.api<{ items: Job[] }>('/jobs')).items;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#api.stop();
    await this.#simulator.stop();
  }
}

/** Polls until the condition holds; fails with its name when it takes too long (a minute unless said). */
export async function until(
  what: string,
  condition: () => Promise<boolean>,
  timeoutMs = 60_000,
): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (Date.now() < end) {
    if (await condition().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`waited ${timeoutMs / 1000} s in vain: ${what}`);
}
