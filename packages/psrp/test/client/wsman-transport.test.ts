import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { basic, WsmanClient, wsmanTransport, type WsmanTransportOptions } from '../../src/client/index.ts';
import { bytes, text, type FakeCommand } from '../server/fake-backend.ts';
import { FakeClock, Harness, PASSWORD, until, USER } from '../server/harness.ts';

const never = new AbortController().signal;
const authenticator = basic(USER, PASSWORD);

function connect(harness: Harness, options: Partial<WsmanTransportOptions> = {}) {
  return wsmanTransport({ url: harness.url, authenticator, ...options });
}

async function opened(harness: Harness, options: Partial<WsmanTransportOptions> = {}) {
  const transport = connect(harness, options);
  const poolId = randomUUID();
  await transport.open({ poolId, creation: bytes('hello'), name: 'Aether-V' }, never);
  return { transport, poolId };
}

async function collect(output: AsyncIterable<Uint8Array>): Promise<string[]> {
  const all: string[] = [];
  for await (const chunk of output) all.push(text(chunk));
  return all;
}

const echo = (command: FakeCommand): void => {
  void command.opening.output.write(bytes(`echo ${text(command.opening.args)}`));
  void command.opening.output.write(bytes('state'));
  command.opening.output.end(0);
};

describe('a shell over loopback', () => {
  test('opens, runs a command, signals and deletes', async () => {
    await using harness = await Harness.start();
    harness.backend.onCommand = echo;
    const { transport, poolId } = await opened(harness);
    const id = randomUUID();
    await transport.createCommand(id, bytes('dir'), never);
    await transport.send('stdin', bytes('more'), id, never);
    expect(await collect(transport.receive(id, never))).toEqual(['echo dir', 'state']);
    await transport.signal(id, 'terminate', never);
    await transport.close();

    const [shell] = harness.backend.shells;
    expect(shell?.opening).toMatchObject({
      shellId: poolId.toUpperCase(),
      name: 'Aether-V',
      principal: USER,
    });
    expect(text(shell?.opening.creation ?? bytes(''))).toBe('hello');
    expect(shell?.commands[0]).toMatchObject({
      sent: [{ stream: 'stdin', data: 'more' }],
      signals: ['terminate'],
    });
    expect(shell?.closed).toBe(1);
    expect(harness.listener.shellCount).toBe(0);
    expect(harness.listener.traffic.byAction).toMatchObject({
      create: 1,
      command: 1,
      send: 1,
      receive: 1,
      signal: 1,
      delete: 1,
    });
  });
});
