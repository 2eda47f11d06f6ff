import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { FragmentsTooLargeError, type RequestObservation } from '../../src/client/index.ts';
import { bytes, contentOf, fragmentOf, text } from '../server/fake-backend.ts';
import { FakeClock, Harness, until, testUser } from '../server/harness.ts';
import { clientOf, collect, echo, never, opened, transportTo } from './connect.ts';

describe('a shell over loopback', () => {
  test('opens, runs a command, signals and deletes', async () => {
    await using harness = await Harness.start();
    harness.backend.onCommand = echo;
    const { transport, poolId } = await opened(harness);
    const id = randomUUID();
    await transport.createCommand(id, bytes('dir'), never);
    await transport.send('pr', bytes('more'), id, never);
    await transport.send('stdin', bytes('pool'), undefined, never);
    expect(await collect(transport.receive(id, never))).toEqual(['echo dir', 'state']);
    await transport.signal(id, 'stop', never);
    await transport.signal(id, 'terminate', never);
    await transport.signal(id, 'terminate', never);
    await transport.close();
    await transport.close();

    const [shell] = harness.backend.shells;
    expect(shell?.opening).toMatchObject({
      shellId: poolId.toUpperCase(),
      name: 'Aether-V',
      principal: testUser,
    });
    expect(text(shell?.opening.creation ?? bytes(''))).toBe('hello');
    expect(shell?.sent).toEqual([{ stream: 'stdin', data: 'pool' }]);
    expect(shell?.commands[0]).toMatchObject({
      sent: [{ stream: 'pr', data: 'more' }],
      signals: ['interrupt', 'terminate'],
    });
    expect(shell?.closed).toBe(1);
    expect(harness.listener.shellCount).toBe(0);
  });

  test('a finished command uses one Command and one Receive', async () => {
    await using harness = await Harness.start();
    harness.backend.onCommand = echo;
    const { transport } = await opened(harness);
    const before = harness.listener.traffic.requests;
    const id = randomUUID();
    await transport.createCommand(id, bytes('info'), never);
    expect(await collect(transport.receive(id, never))).toEqual(['echo info', 'state']);
    expect(harness.listener.traffic.requests - before).toBe(2);
    expect(harness.listener.traffic.byAction).toMatchObject({ command: 1, receive: 1 });
    await transport.close();
  });

  test('output of one turn while its Receive waits is one response', async () => {
    await using harness = await Harness.start();
    const { transport } = await opened(harness);
    const id = randomUUID();
    await transport.createCommand(id, bytes('late'), never);
    const output = collect(transport.receive(id, never));
    await until(() => harness.listener.traffic.byAction.receive === 1);
    const command = harness.backend.shells[0]?.commands[0];
    if (command !== undefined) echo(command);
    expect(await output).toEqual(['echo late', 'state']);
    expect(harness.listener.traffic.byAction.receive).toBe(1);
    await transport.close();
  });

  test('each write of the shell itself is a separate response', async () => {
    await using harness = await Harness.start();
    harness.backend.onOpen = ({ output }) => {
      void output.write(fragmentOf('capability'));
      void output.write(fragmentOf('opened'));
    };
    const { transport } = await opened(harness);
    const output = transport.receive(undefined, never)[Symbol.asyncIterator]();
    expect(textOf(await output.next())).toBe('capability');
    expect(harness.listener.traffic.byAction.receive).toBe(1);
    expect(textOf(await output.next())).toBe('opened');
    expect(harness.listener.traffic.byAction.receive).toBe(2);
    await transport.close();
  });

  test('output arrives in responses of 32 kB, unchanged', async () => {
    await using harness = await Harness.start();
    const all = Buffer.from(Array.from({ length: 100_000 }, (_, index) => index % 251));
    harness.backend.onCommand = ({ opening }) => {
      const fragment = fragmentOf(all);
      for (let at = 0; at < fragment.length; at += 7_001) {
        void opening.output.write(fragment.subarray(at, at + 7_001));
      }
      opening.output.end(0);
    };
    const { transport } = await opened(harness);
    const id = randomUUID();
    await transport.createCommand(id, bytes('big'), never);
    const parts: Uint8Array[] = [];
    for await (const part of transport.receive(id, never)) parts.push(part);
    expect(Buffer.concat(parts.map(contentOf)).equals(all)).toBe(true);
    expect(harness.listener.traffic.byAction.receive).toBe(Math.ceil(all.length / 32_768));
    await transport.close();
  });

  test('a backend is held up while output is unread', async () => {
    await using harness = await Harness.start({ pacing: { highWaterMark: 1_000 } });
    const { transport } = await opened(harness);
    const id = randomUUID();
    await transport.createCommand(id, bytes('x'), never);
    const output = harness.backend.shells[0]?.commands[0]?.opening.output;
    let released = false;
    const written = output?.write(fragmentOf(Buffer.alloc(1_000))).then(() => (released = true));
    await until(() => true);
    expect(released).toBe(false);
    const reader = transport.receive(id, never)[Symbol.asyncIterator]();
    expect((await reader.next()).value).toHaveLength(1_021);
    await written;
    expect(released).toBe(true);
    await transport.close();
  });
});

describe('waiting for output', () => {
  test('an empty long poll ends in TimedOut and is repeated', async () => {
    const clock = new FakeClock();
    await using harness = await Harness.start({ clock });
    const { transport } = await opened(harness, { operationTimeoutMs: 20_000 });
    const id = randomUUID();
    await transport.createCommand(id, bytes('slow'), never);
    const output = collect(transport.receive(id, never));
    for (const round of [1, 2, 3]) {
      await until(() => harness.listener.traffic.byAction.receive === round && clock.waiting > 0);
      clock.advance(20_000);
    }
    await until(() => harness.listener.traffic.byAction.receive === 4);
    const command = harness.backend.shells[0]?.commands[0];
    if (command !== undefined) echo(command);
    expect(await output).toEqual(['echo slow', 'state']);
    await transport.close();
  });

  test('an aborted Receive rejects with the reason and affects no other', async () => {
    await using harness = await Harness.start();
    const { transport } = await opened(harness);
    const id = randomUUID();
    await transport.createCommand(id, bytes('x'), never);
    const controller = new AbortController();
    const aborted = collect(transport.receive(id, controller.signal));
    const pool = transport.receive(undefined, never)[Symbol.asyncIterator]();
    const poolOutput = pool.next();
    await until(() => harness.listener.traffic.byAction.receive === 2);
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(aborted).rejects.toBe(reason);
    await until(() => harness.sockets.size === 1);

    const command = harness.backend.shells[0]?.commands[0];
    if (command !== undefined) echo(command);
    expect(await collect(transport.receive(id, never))).toEqual(['echo x', 'state']);
    void harness.backend.shells[0]?.opening.output.write(fragmentOf('still here'));
    expect(textOf(await poolOutput)).toBe('still here');
    await transport.close();
  });

  test('return() abandons a pending Receive at once', async () => {
    await using harness = await Harness.start();
    const { transport } = await opened(harness);
    const reader = transport.receive(undefined, never)[Symbol.asyncIterator]();
    const pending = reader.next();
    await until(() => harness.listener.traffic.byAction.receive === 1);
    await reader.return?.();
    expect(await pending).toEqual({ done: true, value: undefined });
    await transport.close();
  });

  test('closing ends the pending Receives gracefully', async () => {
    await using harness = await Harness.start();
    const { transport } = await opened(harness);
    const pool = collect(transport.receive(undefined, never));
    await until(() => harness.listener.traffic.byAction.receive === 1);
    await transport.close();
    expect(await pool).toEqual([]);
    expect(harness.backend.shells[0]?.closed).toBe(1);
  });

  test('a shell has separate connections for its Receives, and others share one', async () => {
    await using harness = await Harness.start();
    harness.backend.onCommand = echo;
    const { transport } = await opened(harness);
    const pool = collect(transport.receive(undefined, never));
    await until(() => harness.listener.traffic.byAction.receive === 1);
    for (let round = 0; round < 10; round += 1) {
      const id = randomUUID();
      await transport.createCommand(id, bytes('x'), never);
      await collect(transport.receive(id, never));
      await transport.signal(id, 'terminate', never);
    }
    expect(harness.connections).toBe(2);
    await transport.close();
    await pool;
  });

  test('twenty parallel commands stay within the connection limit', async () => {
    await using harness = await Harness.start();
    const { transport } = await opened(harness, { maxConnections: 5 });
    const commands = Array.from({ length: 20 }, async (_, index) => {
      const id = randomUUID();
      await transport.createCommand(id, bytes(String(index)), never);
      return collect(transport.receive(id, never));
    });
    await until(() => harness.backend.shells[0]?.commands.length === 20);
    for (const command of harness.backend.shells[0]?.commands ?? []) echo(command);
    const outputs = await Promise.all(commands);
    expect(outputs).toEqual(Array.from({ length: 20 }, (_, index) => [`echo ${index}`, 'state']));
    expect(harness.connections).toBeLessThanOrEqual(5);
    await transport.close();
  });
});

describe('sizes', () => {
  test.each(['open', 'createCommand', 'send'] as const)('%s fills the envelope exactly', async (call) => {
    await using harness = await Harness.start({ maxEnvelopeSize: 153_600 });
    const seen: RequestObservation[] = [];
    const transport = transportTo(harness, { onRequest: (request) => seen.push(request) });
    const budget = transport.maxFragmentSize;
    const creation = Buffer.alloc(call === 'open' ? budget.first : 10);
    await transport.open({ poolId: randomUUID(), creation, name: 'x'.repeat(500) }, never);
    const id = randomUUID();
    if (call !== 'open') {
      await transport.createCommand(id, Buffer.alloc(call === 'createCommand' ? budget.first : 10), never);
    }
    if (call === 'send') await transport.send('stdin', Buffer.alloc(budget.other), id, never);
    const sent = seen.at(-1)?.requestBytes ?? 0;
    expect(sent).toBeLessThanOrEqual(153_600);
    expect(sent).toBeGreaterThan(153_600 - 400);
    await transport.close();
  });

  test('a request beyond the host’s limit is refused, and does not affect a shorter one', async () => {
    await using harness = await Harness.start({ maxEnvelopeSize: 60_000 });
    const { transport } = await opened(harness);
    const long = Buffer.alloc(60_000);
    const refused = transport.createCommand(randomUUID(), long, never);
    await expect(refused).rejects.toBeInstanceOf(FragmentsTooLargeError);
    await expect(refused).rejects.toMatchObject({
      cause: { code: 'too-large', started: false, status: 413 },
    });
    expect(harness.backend.shells[0]?.commands).toEqual([]);
    expect(transport.maxFragmentSize.first).toBeLessThan(long.length / 2);
    await transport.createCommand(randomUUID(), long.subarray(0, transport.maxFragmentSize.first), never);
    await transport.close();
  });
});

test('every request is observed with its bytes', async () => {
  await using harness = await Harness.start();
  const seen: RequestObservation[] = [];
  const client = clientOf(harness, { onRequest: (request) => seen.push(request) });
  await client.identify();
  await client.shells();
  await client.close();
  expect(seen.map(({ action, status }) => [action, status])).toEqual([
    ['identify', 200],
    ['enumerate', 200],
  ]);
  const { bytesIn, bytesOut } = harness.listener.traffic;
  expect(seen.reduce((sum, { requestBytes }) => sum + requestBytes, 0)).toBe(bytesIn);
  expect(seen.reduce((sum, { responseBytes }) => sum + responseBytes, 0)).toBe(bytesOut);
});

test('identifies a host and lists its shells', async () => {
  await using harness = await Harness.start();
  const { transport, poolId } = await opened(harness, { idleTimeoutMs: 300_000 });
  const client = clientOf(harness);
  expect(await client.identify()).toMatchObject({ productVendor: 'Microsoft Corporation' });
  expect(await client.shells()).toMatchObject([
    {
      shellId: poolId.toUpperCase(),
      name: 'Aether-V',
      owner: testUser,
      state: 'Connected',
      idleTimeoutMs: 300_000,
      clientAddress: '127.0.0.1',
    },
  ]);
  await client.close();
  await transport.close();
});

function textOf(result: IteratorResult<Uint8Array, unknown>): string | undefined {
  return result.done === true ? undefined : text(contentOf(result.value));
}
