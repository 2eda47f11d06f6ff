import { randomUUID } from 'node:crypto';
import type { Host, Job, VmSummary } from '@aether-v/types';
import { freePort, startProcess, type Running } from './processes.ts';
import { requestJson, startService } from './service.ts';

/** The ready line of the simulated fleet. */
interface SimulatorReady {
  readonly hostUrls: readonly string[];
  readonly adminUrl: string;
}

/** A simulated fleet and the service over it, as started by `npm start`: two processes connected by WinRM. */
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

  /** Kills the service without a graceful shutdown. */
  async killApi(): Promise<void> {
    await this.#api.stop('SIGKILL');
  }

  /** Restarts the service on the same port. */
  async restartApi(): Promise<void> {
    this.#api = await this.#startApi();
  }

  /** Calls the simulated fleet's admin API, which changes hosts without the service. */
  async simulator<T = unknown>(method: string, path: string, body?: unknown): Promise<T> {
    return requestJson<T>(this.#simulator.ready.adminUrl, method, path, body);
  }

  /** Sends a request to the service. */
  async api<T = unknown>(path: string, method = 'GET', body?: unknown): Promise<T> {
    return requestJson<T>(this.url, method, `/api/v1${path}`, body);
  }

  /** Returns all VMs that the service knows. */
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

  /** Returns the newest jobs. */
  async jobs(): Promise<Job[]> {
    return (await this.api<{ items: Job[] }>('/jobs')).items;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#api.stop();
    await this.#simulator.stop();
  }
}

/** Polls until the condition holds; fails with its name after a timeout (a minute by default). */
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
