import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { accountInTable, isForeignService, peerAccount } from '../../src/auth/peer-account.ts';

/** Returns the socket of a connection from another process with this user id, which stays open. */
async function connected(host: string, uid: number): Promise<Socket> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  const script = `require('net').connect(${port}, '${host}')`;
  const client = spawn(process.execPath, ['-e', script], { uid, stdio: 'ignore', cwd: '/' });
  onTestFinished(() => {
    client.kill();
    server.close();
  });
  const [socket] = (await once(server, 'connection')) as [Socket];
  onTestFinished(() => void socket.destroy());
  return socket;
}

const own = process.getuid?.() ?? 0;

describe.skipIf(process.platform !== 'linux')('the account of a peer', () => {
  test.each(['127.0.0.1', '127.8.7.6', '::1'])('is that of its process, at %s', async (host) => {
    expect(await peerAccount(await connected(host, own))).toBe(own);
  });

  test.skipIf(own !== 0)('is that of a service if a service has connected (needs root)', async () => {
    const uid = await peerAccount(await connected('127.0.0.1', 33));
    expect(uid).toBe(33);
    expect(isForeignService(33)).toBe(true);
  });

  test('is unknown for a connection that the kernel does not have', async () => {
    const ends = { remoteAddress: '127.0.0.1', remotePort: 1, localAddress: '127.0.0.1', localPort: 2 };
    expect(await peerAccount(ends)).toBeUndefined();
  });
});

const header =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const rest = '01 00000000:00000000 00:00000000 00000000';

test.each([
  ['IPv4', '127.0.0.1', '0100007F:C350', '0100007F:1F40'],
  [
    'IPv4 in IPv6',
    '::ffff:127.0.0.1',
    '0000000000000000FFFF00000100007F:C350',
    '0000000000000000FFFF00000100007F:1F40',
  ],
  ['IPv6', '::1', '00000000000000000000000001000000:C350', '00000000000000000000000001000000:1F40'],
])('a table of the kernel is read for %s', (_, address, local, remote) => {
  const table = [
    header,
    `   0: ${remote} ${local} ${rest}     5        0 1`,
    `   1: ${local} ${remote} ${rest}    33        0 2`,
  ];
  const ends = { remoteAddress: address, remotePort: 50_000, localAddress: address, localPort: 8000 };
  expect(accountInTable(table.join('\n'), ends)).toBe(33);
  expect(accountInTable(table.slice(0, 2).join('\n'), ends)).toBeUndefined();
});

test.each([
  [0, false],
  [1, true],
  [33, true],
  [999, true],
  [1000, false],
  [61_184, true],
  [65_534, true],
])('user id %i is that of a service: %s', (uid, expected) => {
  expect(isForeignService(uid, 1000)).toBe(expected);
});

test('the account of this process is no foreign service', () => {
  expect(isForeignService(998, 998)).toBe(false);
});
