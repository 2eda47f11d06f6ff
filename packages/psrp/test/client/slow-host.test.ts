import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { RunspacePool } from '../../src/client/index.ts';
import { Receiver, type Received } from '../../src/client/receiver.ts';
import { createPsrpShell } from '../../src/server/index.ts';
import { bytes, fragmentOf } from '../server/fake-backend.ts';
import { Harness, until } from '../server/harness.ts';
import { collect, never, opened } from './connect.ts';
import { LoopbackTransport } from './support/loopback-transport.ts';

const empty: Received = { action: 'receive', chunks: [] };
const hollow: Received = { action: 'receive', chunks: [{ stream: 'stdout', data: new Uint8Array() }] };

test.each<[string, Received]>([
  ['says that there is nothing', 'nothing yet'],
  ['answers without output', empty],
  ['answers with output of no bytes', hollow],
])('a host that %s, at once and repeatedly, is polled with backoff', async (_, answer) => {
  const asked: number[] = [];
  const receiver = new Receiver(() => {
    asked.push(performance.now());
    return Promise.resolve(
      asked.length < 7 ? answer : { action: 'receive', chunks: [{ stream: 'stdout', data: bytes('x') }] },
    );
  }, never);
  expect(await receiver.next()).toEqual({ done: false, value: bytes('x') });
  const pauses = asked.slice(1).map((at, index) => at - (asked[index] ?? 0));
  // Timers may be late, never early by more than their rounding.
  [10, 20, 40, 80, 160, 320].forEach((least, index) => expect(pauses[index]).toBeGreaterThan(least - 2));
});

test('an interruption ends a pause at once', async () => {
  const controller = new AbortController();
  const asked = Promise.withResolvers<undefined>();
  const receiver = new Receiver(() => {
    asked.resolve(undefined);
    return Promise.resolve('nothing yet');
  }, controller.signal);
  const next = receiver.next();
  await asked.promise;
  const reason = new Error('enough');
  controller.abort(reason);
  await expect(next).rejects.toBe(reason);
});

test('output ends the pauses', async () => {
  await using harness = await Harness.start();
  const { transport } = await opened(harness, { operationTimeoutMs: 1 });
  const id = randomUUID();
  await transport.createCommand(id, bytes('x'), never);
  const output = collect(transport.receive(id, never));
  await until(() => harness.listener.traffic.byAction.receive > 3);
  const sink = harness.backend.shells[0]?.commands[0]?.opening.output;
  void sink?.write(fragmentOf('late'));
  sink?.end();
  expect(await output).toEqual(['late']);
  await transport.close();
});

test('a host that never opens the pool is abandoned, and its shell deleted', async () => {
  const honest = createPsrpShell({ commands: {} });
  const transport = new LoopbackTransport({
    // Its answers go nowhere.
    open: (opening) =>
      honest.open({ ...opening, output: { ...opening.output, write: () => Promise.resolve() } }),
  });
  await expect(RunspacePool.open(transport, { openTimeoutMs: 20 })).rejects.toMatchObject({
    code: 'pool-broken',
  });
  expect(transport.count('close')).toBe(1);
});
