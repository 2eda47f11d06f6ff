import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { serveListener } from '../../src/server/index.ts';
import { FakeClock, until } from './harness.ts';

const pem = (name: string) => readFile(new URL(`../../testdata/tls/${name}.pem`, import.meta.url), 'utf8');
const files = { key: await pem('key'), cert: await pem('cert') };

/** Asks on a connection and reads an answer of two bytes. */
async function ask(socket: Socket): Promise<void> {
  socket.write('POST /wsman HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
  for (let text = ''; !text.endsWith('ok');) text += String((await once(socket, 'data'))[0]);
}

describe.each([
  ['http', undefined],
  ['https', files],
])('a listener served by %s', (scheme, tls) => {
  test('closes only connections that were idle for two minutes of its clock', async () => {
    const clock = new FakeClock();
    let answerSlow: () => void = () => undefined;
    await using served = await serveListener(
      ({ url }, response) => {
        if (url === '/wsman') response.end('ok');
        else answerSlow = () => response.end('ok');
      },
      { clock, ...(tls && { tls }) },
    );
    expect(served.origin).toBe(`${scheme}://127.0.0.1:${served.port}`);
    const open = async (): Promise<Socket> => {
      const target = { port: served.port, host: '127.0.0.1' };
      const socket =
        tls === undefined ? connect(target) : connectTls({ ...target, rejectUnauthorized: false });
      await once(socket, tls === undefined ? 'connect' : 'secureConnect');
      return socket;
    };
    const sockets = [await open(), await open(), await open()] as const;
    const [silent, asking, waiting] = sockets;
    const closed = new Set<Socket>();
    for (const socket of sockets) socket.on('close', () => closed.add(socket)).on('error', () => undefined);
    await until(() => clock.waiting === 3);

    clock.advance(119_999);
    await ask(asking);
    await until(() => clock.waiting === 3);
    waiting.write('POST /slow HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n');
    await until(() => clock.waiting === 2);
    clock.advance(1);
    await until(() => closed.has(silent));
    clock.advance(119_998);
    await ask(asking);
    await until(() => clock.waiting === 1);
    clock.advance(120_000);
    await until(() => closed.has(asking));
    expect(closed.has(waiting)).toBe(false);
    answerSlow();
    await once(waiting, 'data');
    waiting.destroy();
  });
});

test('a port in use is refused', async () => {
  await using served = await serveListener((_, response) => response.end());
  await expect(serveListener(() => undefined, { port: served.port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});
