import { randomUUID } from 'node:crypto';
import { getEventListeners } from 'node:events';
import { describe, expect, test } from 'vitest';
import { responseEnvelope, type WsmanResponse } from '../../src/wsman/index.ts';
import { RunspacePool, wsmanTransport } from '../../src/client/index.ts';
import { hostAuthenticator, startHost } from '../e2e/host.ts';
import { bytes } from '../server/fake-backend.ts';
import { Harness, until } from '../server/harness.ts';
import { collect, failure, never, opened } from './connect.ts';

const answer = (response: WsmanResponse) => ({
  status: 200,
  headers: { 'content-type': 'application/soap+xml;charset=UTF-8' },
  body: Buffer.from(responseEnvelope(response, { messageId: randomUUID(), relatesTo: '' })),
});

describe('a response', () => {
  const other = randomUUID().toUpperCase();
  const data = bytes('secret');
  test.each([
    ['output', { chunks: [{ stream: 'stdout', commandId: other, data }] }],
    ['end', { chunks: [], state: { commandId: other, done: true } }],
  ])('with the %s of another command is refused', async (_, received) => {
    await using harness = await Harness.start({
      intercept: ({ action }, next) =>
        action === 'receive' ? Promise.resolve(answer({ action, ...received })) : next(),
    });
    const { transport } = await opened(harness);
    const id = randomUUID();
    await transport.createCommand(id, bytes('x'), never);
    for (const target of [id, undefined]) {
      expect(await failure(collect(transport.receive(target, never)))).toMatchObject({ code: 'protocol' });
    }
    await transport.close();
  });
});

test('a pool limited to two connections gets the three that it needs', async () => {
  await using host = await startHost();
  const transport = wsmanTransport({ url: host.url, authenticator: hostAuthenticator, maxConnections: 2 });
  await using pool = await RunspacePool.open(transport);
  const { output } = await pool.invoke({ command: 'Get-AgentInfo', parameters: { Request: 'x' } }).collect();
  expect(output).toEqual(['agent for x']);
});

describe('an abandoned command', () => {
  test('is ended as soon as it has started, if the host is starting it', async () => {
    const go = Promise.withResolvers<undefined>();
    await using harness = await Harness.start({
      intercept: async ({ action }, next) => {
        if (action === 'command') await go.promise;
        return next();
      },
    });
    const { transport } = await opened(harness);
    const id = randomUUID();
    const controller = new AbortController();
    const starting = transport.createCommand(id, bytes('x'), controller.signal);
    await until(() => harness.listener.traffic.byAction.command === 1);
    controller.abort(new Error('changed my mind'));
    await expect(starting).rejects.toThrow('changed my mind');
    const ending = transport.signal(id, 'terminate', never);
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(harness.listener.traffic.byAction.signal).toBe(0);
    go.resolve(undefined);
    await ending;
    expect(harness.backend.shells[0]?.commands[0]?.signals).toEqual(['terminate']);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
    await transport.close();
  });

  test('is never sent if it was not on the wire yet', async () => {
    const go = Promise.withResolvers<undefined>();
    await using harness = await Harness.start({
      intercept: async ({ action }, next) => {
        if (action === 'command') await go.promise;
        return next();
      },
    });
    const { transport } = await opened(harness, { maxConnections: 3 });
    const others = [1, 2, 3].map(() => transport.createCommand(randomUUID(), bytes('x'), never));
    await until(() => harness.listener.traffic.byAction.command === 3);
    const controller = new AbortController();
    const waiting = transport.createCommand(randomUUID(), bytes('y'), controller.signal);
    controller.abort(new Error('changed my mind'));
    await expect(waiting).rejects.toThrow('changed my mind');
    go.resolve(undefined);
    await Promise.all(others);
    await transport.close();
    expect(harness.listener.traffic.byAction.command).toBe(3);
  });
});
