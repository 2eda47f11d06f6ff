import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { startFleet } from '@aether-v/hyperv-sim/fleet';
import type { Host } from '@aether-v/types';
import { ask, startService } from '../src/service.ts';
import type { Running } from '../src/processes.ts';
import { quantile, type BenchRow } from './report.ts';

const password = 'bench of recovery';
const hostIds = ['hv-01', 'hv-02', 'hv-03', 'hv-11', 'hv-12', 'hv-13'];
const absences = [5, 60];
const patience = 120_000;

/** A port in front of a host, whose listener can be closed and reopened as if the host restarted. */
class Doorway {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #port = 0;

  constructor(behind: number) {
    this.#server = createServer((near) => {
      const far = connect(behind, '127.0.0.1');
      for (const socket of [near, far]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          this.#sockets.delete(socket);
          near.destroy();
          far.destroy();
        });
      }
      near.pipe(far).pipe(near);
    });
  }

  async open(): Promise<number> {
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('no TCP address');
    return (this.#port = address.port);
  }

  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

async function hostStates(service: Running<string>): Promise<Map<string, Host['connection']['state']>> {
  const { items } = await ask<{ items: Host[] }>(service, '/hosts');
  return new Map(items.map(({ id, connection }) => [id, connection.state]));
}

/** Waits until every host is in the state. @returns The milliseconds until each one was. */
async function reach(service: Running<string>, state: Host['connection']['state']): Promise<number[]> {
  const began = performance.now();
  const times = new Map<string, number>();
  while (times.size < hostIds.length) {
    if (performance.now() - began > patience) throw new Error(`not every host is ${state}`);
    const states = await hostStates(service);
    for (const id of hostIds) {
      if (states.get(id) === state && !times.has(id)) times.set(id, performance.now() - began);
    }
    await pause(20);
  }
  return [...times.values()];
}

/** Measures how long a recovered host remains unread: six hosts at once, whose listeners were closed. */
export async function benchRecovery(): Promise<BenchRow[]> {
  await using fleet = await startFleet({ username: 'aether-v', password });
  const doorways: Doorway[] = [];
  const urls: string[] = [];
  for (const hostId of hostIds) {
    const url = new URL(fleet.hosts.find((host) => host.hostId === hostId)?.url ?? '');
    const doorway = new Doorway(Number(url.port));
    url.port = String(await doorway.open());
    doorways.push(doorway);
    urls.push(url.href);
  }
  await using service = await startService({
    HYPERV_HOSTS: urls.join(','),
    WINRM_USERNAME: 'aether-v',
    WINRM_PASSWORD: password,
  });
  await reach(service, 'connected');
  const rows: BenchRow[] = [];
  for (const seconds of absences) {
    // A connection that had worked for ten seconds is first restored silently.
    await pause(10_500);
    await Promise.all(doorways.map((doorway) => doorway.close()));
    await reach(service, 'unreachable');
    await pause(seconds * 1000);
    await Promise.all(doorways.map((doorway) => doorway.open()));
    const times = (await reach(service, 'connected')).map((time) => time / 1000);
    const note = `${hostIds.length} hosts; until rows are fresh`;
    rows.push(
      { name: `unreachable for ${seconds} s, then back: p50`, value: quantile(times, 0.5), unit: 's', note },
      { name: `unreachable for ${seconds} s, then back: slowest`, value: Math.max(...times), unit: 's' },
    );
  }
  await Promise.all(doorways.map((doorway) => doorway.close()));
  return rows;
}
