import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { EventStreams } from '../../src/events/event-streams.ts';
import { FakeHost } from '../support/fake-agents.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { guid, vmFacts } from '../support/facts.ts';
import { get, openSocket } from '../support/raw-socket.ts';
import { startTestApp } from '../support/test-app.ts';
import { heldBytes, megabytes } from './memory.ts';

const isLong = process.env['AETHER_LONG'] === '1';
const vms = 1000;
const pipelined = 1100;
const attacker = '127.0.0.66';

/** What the attack may cost, in bytes. */
const budget = 100e6;

async function startFleet() {
  const clock = new FakeClock();
  const host = new FakeHost('hv01', clock);
  for (let n = 1; n <= vms; n += 1) host.setVm(vmFacts(guid(n), { notes: 'x'.repeat(1000) }));
  const service = await startTestApp({ hosts: [host], clock });
  await service.app.listen(0, '127.0.0.1');
  onTestFinished(() => service.app.close());
  const { port } = service.app.getHttpServer().address() as AddressInfo;
  return { ...service, port };
}

/** Asks for a page as a console does. @returns The slowest answer, in milliseconds. */
async function slowestAnswer(port: number, times = 20): Promise<number> {
  let slowest = 0;
  for (let n = 0; n < times; n += 1) {
    const begin = performance.now();
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/vms?limit=100`);
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
    slowest = Math.max(slowest, performance.now() - begin);
  }
  return slowest;
}

test.each(isLong ? [1, 5, 50] : [1, 5])(
  `${pipelined} pipelined requests for ${vms} VMs on each of %i unread connections use at most 100 MB, which are released`,
  async (sockets) => {
    const { port } = await startFleet();
    const slowest = [await slowestAnswer(port)];
    const before = heldBytes();
    const unread = await Promise.all(
      Array.from({ length: sockets }, () => openSocket(port, { from: attacker, reads: false })),
    );
    for (const { socket } of unread) {
      socket.pause();
      socket.write(get(`/api/v1/vms?limit=${vms}`).repeat(pipelined));
    }
    let most = 0;
    for (let round = 0; round < 5; round += 1) {
      slowest.push(await slowestAnswer(port));
      most = Math.max(most, heldBytes() - before);
    }
    for (const { socket } of unread) socket.destroy();
    slowest.push(await slowestAnswer(port));
    await vi.waitUntil(() => heldBytes() - before < 20e6, { timeout: 60_000, interval: 500 });
    const after = heldBytes() - before;
    const times = slowest.map((time) => time.toFixed(0)).join(', ');
    console.info(
      `${sockets} unread: ${megabytes(most)} more during, ${megabytes(after)} after; slowest answers ${times} ms; RSS ${megabytes(process.memoryUsage().rss)}`,
    );
    expect(most).toBeLessThan(budget);
  },
);

test('600 pipelined requests for event streams open one stream, and another client still gets one', async () => {
  const { port, app } = await startFleet();
  const streams = app.get(EventStreams);
  const { socket, text } = await openSocket(port, { from: attacker });
  socket.write(get('/api/v1/events').repeat(600));
  await vi.waitUntil(() => text().includes('event: hello'), { timeout: 60_000 });
  expect(streams.size).toBe(1);
  const neighbour = await openSocket(port);
  neighbour.socket.write(get('/api/v1/events'));
  await vi.waitUntil(() => neighbour.text().includes('event: hello'), { timeout: 60_000 });
  expect(streams.size).toBe(2);
});

test('600 connections of one address get eight streams and a hundred connections', async () => {
  const { port, app } = await startFleet();
  const greedy = await Promise.all(Array.from({ length: 600 }, () => openSocket(port, { from: attacker })));
  for (const { socket } of greedy) socket.write(get('/api/v1/events'));
  await vi.waitUntil(() => greedy.every(({ text }) => text() !== ''), { timeout: 60_000 });
  const statuses = greedy.map(({ text }) => text().slice(9, 12));
  expect(statuses.filter((status) => status === '200')).toHaveLength(8);
  expect(statuses.filter((status) => status === '429')).toHaveLength(592);
  expect(app.get(EventStreams).size).toBe(8);
  const neighbour = await openSocket(port);
  neighbour.socket.write(get('/api/v1/events'));
  await vi.waitUntil(() => neighbour.text().includes('event: hello'), { timeout: 60_000 });
});
