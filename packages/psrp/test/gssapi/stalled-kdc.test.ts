import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kerberos, NegotiateAcceptor } from '@aether-v/psrp/gssapi';
import { Harness, until } from '../server/harness.ts';
import { Kdc, kdcRealm } from './kdc.ts';
import { allFreed, client, hostName, refusal, skip, skipReason, hostPrincipal } from './support.ts';

describe.skipIf(skip)(`Kerberos in a long-running service${skipReason}`, () => {
  let kdc: Kdc;
  let keytab: string;
  let hostKeytab: string;

  beforeAll(async () => {
    kdc = await Kdc.start();
    process.env['KRB5_CONFIG'] = kdc.config;
    keytab = await kdc.principal('svc');
    hostKeytab = await kdc.principal(hostPrincipal);
  });
  afterAll(async () => {
    await allFreed();
    await kdc.stop();
  });

  /** A KDC that takes what it is asked and says nothing: in this process, so that it gets it only while nothing blocks. */
  async function sink() {
    const sockets: Socket[] = [];
    let asked = 0;
    const server = createServer((socket) => {
      sockets.push(socket);
      socket.on('data', ({ length }) => (asked += length)).on('error', () => socket.destroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const before = process.env['KRB5_CONFIG'] ?? '';
    process.env['KRB5_CONFIG'] = await kdc.variant('sink', '', (server.address() as AddressInfo).port);
    return {
      asked: () => asked,
      [Symbol.asyncDispose]: async () => {
        server.close();
        for (const socket of sockets) socket.destroy();
        await once(server, 'close');
        process.env['KRB5_CONFIG'] = before;
      },
    };
  }

  test('does not block the event loop while the KDC is silent', async () => {
    const authenticator = kerberos({ principal: `svc@${kdcRealm}`, keytab, host: hostName });
    const connection = authenticator.forConnection({ url: new URL(`http://${hostName}:5985/wsman`) });
    let settled = false;
    const step = (async () => {
      await using kdcSink = await sink();
      const pending = connection.step(undefined).finally(() => (settled = true));
      await until(() => kdcSink.asked() > 0);
      for (let turn = 0; turn < 1_000; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      expect(settled).toBe(false);
      return { pending };
    })();
    expect(refusal(await (await step).pending)).toBe('kdc-unreachable');
    connection.dispose();
    authenticator.dispose();
  });

  test('releases a call at once that is aborted while the KDC is silent', async () => {
    const authenticator = kerberos({ principal: `svc@${kdcRealm}`, keytab, host: hostName });
    await using harness = await Harness.start();
    await using wsman = client(harness.url, authenticator);
    const controller = new AbortController();
    const reason = new Error('enough');
    {
      await using kdcSink = await sink();
      const call = wsman.identify(controller.signal);
      await until(() => kdcSink.asked() > 0);
      controller.abort(reason);
      await expect(call).rejects.toBe(reason);
      expect(harness.listener.traffic.requests).toBe(0);
    }
    authenticator.dispose();
  });

  test('renews short tickets, so that later connections are accepted', async () => {
    const shortLived = await kdc.principal('short', '-maxlife "4 seconds"');
    const acceptor = new NegotiateAcceptor({ keytab: hostKeytab });
    const authenticator = kerberos({ principal: `short@${kdcRealm}`, keytab: shortLived, host: hostName });
    {
      await using harness = await Harness.start({ authentication: acceptor.authenticate });
      for (const wait of [0, 5_000, 5_000]) {
        // Longer than a ticket lives.
        await delay(wait);
        await using wsman = client(harness.url, authenticator);
        expect(await wsman.identify()).toMatchObject({ productVendor: 'Microsoft Corporation' });
      }
      expect(harness.connections).toBe(3);
    }
    authenticator.dispose();
    await acceptor.close();
  });

  test('authenticates each connection before its first sealed byte, and does not change the environment', async () => {
    const before = { ...process.env };
    const acceptor = new NegotiateAcceptor({ keytab: hostKeytab });
    const authenticator = kerberos({ principal: `svc@${kdcRealm}`, keytab, host: hostName });
    const order = new Map<Socket, string[]>();
    {
      await using harness = await Harness.start({ authentication: acceptor.authenticate });
      harness.server.on('request', ({ socket, headers }) => {
        const isEmpty = headers['content-length'] === '0';
        const what = `${isEmpty ? 'empty' : 'sealed'}${headers.authorization === undefined ? '' : ' with a token'}`;
        order.set(socket, [...(order.get(socket) ?? []), what]);
      });
      await using wsman = client(harness.url, authenticator);
      await Promise.all(Array.from({ length: 20 }, () => wsman.identify()));
      harness.server.closeAllConnections();
      await until(() => harness.sockets.size === 0);
      await Promise.all(Array.from({ length: 5 }, () => wsman.identify()));
      expect(order.size).toBe(harness.connections);
    }
    expect(order.size).toBeGreaterThan(8);
    for (const [first, ...others] of order.values()) {
      expect(first).toBe('empty with a token');
      expect(others.length).toBeGreaterThan(0);
      expect(new Set(others)).toEqual(new Set(['sealed']));
    }
    authenticator.dispose();
    await acceptor.close();
    expect({ ...process.env }).toEqual(before);
  });
});
