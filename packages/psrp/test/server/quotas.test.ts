import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { basic, type WsmanClient } from '../../src/client/index.ts';
import { commandShell, type EndpointQuotas } from '../../src/server/index.ts';
import { wsmanFaults, shellResourceUris, signalUris, type FaultName } from '../../src/wsman/index.ts';
import { bytes } from './fake-backend.ts';
import { FakeClock, Harness, until } from './harness.ts';
import { WinrsShell } from './winrs.ts';
import { clientOf, failure } from '../client/connect.ts';

const resourceUri = shellResourceUris.windowsPowerShell;

/** Two accounts on a host that believes everyone. */
async function opened(options: { quotas?: Partial<EndpointQuotas>; clock?: FakeClock } = {}) {
  const harness = await Harness.start({
    ...options,
    authentication: (http) =>
      Promise.resolve({ kind: 'accepted', principal: http.headers.authorization ?? '' }),
    commandShell: commandShell(
      ({ command, interrupted }) =>
        new Promise((resolve) => {
          if (command === 'end') resolve(0);
          interrupted.addEventListener('abort', () => resolve(1));
        }),
    ),
  });
  const clients = ['one', 'two'].map((name) => clientOf(harness, { authenticator: basic(name, 'x') }));
  const [one, two] = clients as [WsmanClient, WsmanClient];
  return {
    harness,
    one,
    two,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(clients.map((client) => client.close()));
      await harness[Symbol.asyncDispose]();
    },
  };
}
type Opened = Awaited<ReturnType<typeof opened>>;

function openPool(client: WsmanClient) {
  const shellId = randomUUID().toUpperCase();
  const create = { noProfile: true, protocolVersion: '2.3', creation: bytes('x') };
  return client.request({ action: 'create', resourceUri, shellId, ...create }).then(() => shellId);
}

function startCommand(client: WsmanClient, shellId: string) {
  const commandId = randomUUID().toUpperCase();
  return client.request({ action: 'command', resourceUri, shellId, commandId, args: bytes('x') });
}

/** Each quota at one, and what exceeds it; which quota of real hosts it is, says the name of the fault. */
const cases: readonly [FaultName, number, Partial<EndpointQuotas>, (made: Opened) => Promise<unknown>][] = [
  [
    'endpointShellQuota',
    2150859236,
    { shellsPerUser: 1 },
    async ({ one, two }) => {
      await openPool(one);
      await openPool(two);
      // Shells of the other kind have a quota of their own.
      await WinrsShell.open(one);
      await openPool(one);
    },
  ],
  [
    'endpointUserQuota',
    2150859237,
    { users: 1 },
    async ({ one, two }) => {
      await openPool(one);
      await openPool(one);
      await openPool(two);
    },
  ],
  [
    'endpointTotalShellQuota',
    2150859238,
    { shells: 2 },
    async ({ one, two }) => {
      await openPool(one);
      await openPool(two);
      await openPool(two);
    },
  ],
  [
    'userOperationQuota',
    2150859240,
    { operationsPerUser: 1 },
    async ({ harness, one, two }) => {
      const shellId = await openPool(one);
      const waits = one.request({ action: 'receive', resourceUri, shellId, streams: 'stdout' });
      waits.catch(() => undefined);
      await until(() => harness.listener.traffic.byAction.receive === 1);
      const other = await openPool(two);
      await startCommand(two, other);
      await startCommand(one, shellId);
    },
  ],
  [
    'commandQuota',
    2150859241,
    { commandsPerShell: 1 },
    async ({ harness, one }) => {
      const shellId = await openPool(one);
      harness.backend.onCommand = ({ opening }) => opening.output.end(0);
      await startCommand(one, shellId);
      // It has ended, and counts until it is signalled to terminate.
      await startCommand(one, shellId);
    },
  ],
  [
    'shellQuota',
    2150859173,
    { shellsPerUser: 1 },
    async ({ one, two }) => {
      await WinrsShell.open(one);
      await WinrsShell.open(two);
      await WinrsShell.open(one);
    },
  ],
  [
    'shellUserQuota',
    2150859179,
    { users: 1 },
    async ({ one, two }) => {
      await WinrsShell.open(one);
      await WinrsShell.open(two);
    },
  ],
  [
    'operationQuota',
    2150859174,
    { operationsPerUser: 1 },
    async ({ harness, one }) => {
      const shell = await WinrsShell.open(one);
      const id = await shell.start('wait');
      shell.receive(id).catch(() => undefined);
      await until(() => harness.listener.traffic.byAction.receive === 1);
      await shell.start('end');
    },
  ],
  [
    'processQuota',
    1816,
    { commandsPerShell: 1 },
    async ({ one }) => {
      const shell = await WinrsShell.open(one);
      await shell.run('end');
      await shell.start('wait');
      await shell.start('wait');
    },
  ],
];

describe('quotas', () => {
  test.each(cases)('%s is fault %d', async (name, code, quotas, exceed) => {
    await using made = await opened({ quotas });
    const { fault } = await failure(exceed(made));
    expect(fault).toMatchObject({ known: name, code, isQuota: true });
    expect(wsmanFaults[name].code).toBe(code);
  });

  test('are freed when shells and commands end', async () => {
    await using made = await opened({ quotas: { shells: 1, operationsPerUser: 1 } });
    for (let round = 0; round < 3; round += 1) {
      const shellId = await openPool(made.one);
      await startCommand(made.one, shellId);
      await made.one.request({ action: 'delete', resourceUri, shellId });
    }
    expect(made.harness.listener.shellCount).toBe(0);
  });
});

describe('limits', () => {
  test('an OperationTimeout beyond MaxTimeoutms is reduced to it', async () => {
    const clock = new FakeClock();
    await using made = await opened({ clock });
    const patient = clientOf(made.harness, {
      authenticator: basic('one', 'x'),
      operationTimeoutMs: 600_000,
    });
    const shellId = await openPool(patient);
    const pending = failure(patient.request({ action: 'receive', resourceUri, shellId, streams: 'stdout' }));
    await until(() => made.harness.listener.traffic.byAction.receive === 1);
    clock.advance(60_000);
    expect((await pending).fault?.isTimedOut).toBe(true);
    await patient.close();
  });

  test('a pipeline has exactly one Arguments', async () => {
    await using made = await opened();
    const shellId = await openPool(made.one);
    const post = async (args: string) => {
      const response = await fetch(made.harness.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/soap+xml;charset=UTF-8',
          authorization: `Basic ${Buffer.from('one:x').toString('base64')}`,
        },
        body: `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:a="http://schemas.xmlsoap.org/ws/2004/08/addressing"
          xmlns:w="http://schemas.dmtf.org/wbem/wsman/1/wsman.xsd" xmlns:r="${shellResourceUris.shells}"><s:Header>
          <a:Action>${shellResourceUris.shells}/Command</a:Action><w:ResourceURI>${resourceUri}</w:ResourceURI><w:SelectorSet>
          <w:Selector Name="ShellId">${shellId}</w:Selector></w:SelectorSet></s:Header><s:Body>
          <r:CommandLine CommandId="${randomUUID()}"><r:Command/>${args}</r:CommandLine></s:Body></s:Envelope>`,
      });
      return {
        status: response.status,
        code: /WSManFault[^>]*Code="(\d+)"/.exec(await response.text())?.[1],
      };
    };
    const one = '<r:Arguments>eA==</r:Arguments>';
    const refused = { status: 500, code: String(wsmanFaults.schemaValidation.code) };
    expect(await post('')).toEqual(refused);
    expect(await post(one + one)).toEqual(refused);
    expect(await post(one)).toEqual({ status: 200, code: undefined });
  });

  test.each([
    ['crtl_c', signalUris.interrupt, 'interrupt'],
    ['terminate', signalUris.terminate, 'terminate'],
    ['ctrl_c of WinRS', signalUris.ctrlC, 'terminate'],
    ['anything else', 'http://example.net/signal', 'terminate'],
  ])('a pipeline that gets %s', async (_, code, signal) => {
    await using made = await opened();
    const shellId = await openPool(made.one);
    const { commandId } = await startCommand(made.one, shellId);
    await made.one.request({ action: 'signal', resourceUri, shellId, commandId, code });
    expect(made.harness.backend.shells[0]?.commands[0]?.signals).toEqual([signal]);
    const again = made.one.request({ action: 'signal', resourceUri, shellId, commandId, code });
    if (signal === 'interrupt') await again;
    else expect((await failure(again)).fault?.isShellNotFound).toBe(true);
  });

  test('each account sees only its own shells of both kinds', async () => {
    await using made = await opened();
    const pool = await openPool(made.one);
    const { shellId } = await WinrsShell.open(made.one);
    await openPool(made.two);
    expect((await made.one.shells()).map((shell) => shell.shellId)).toEqual([pool, shellId]);
    expect(await made.two.shells()).toHaveLength(1);
  });
});
