import { PassThrough } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { kerberos, keytabFrom, NegotiateAcceptor, ntlm } from '@aether-v/psrp/gssapi';
import { parseClixml, parseClixmlValue, toPlain, writeClixml } from '../../src/clixml/index.ts';
import { parseXml } from '../../src/wsman/index.ts';
import {
  basic,
  OptionError,
  RunspacePool,
  sweepShells,
  WsmanClient,
  wsmanTransport,
} from '../../src/client/index.ts';
import { ClientRunspacePool, FragmentAssembler, ServerRunspacePool } from '../../src/core/index.ts';
import {
  PacketTransport,
  processShell,
  processTransport,
  relayBackend,
  servePackets,
} from '../../src/process/index.ts';
import {
  basicAuthentication,
  commandShell,
  createPsrpShell,
  routeByPath,
  serveListener,
  WsmanListener,
} from '../../src/server/index.ts';
import { LoopbackTransport } from './support/loopback-transport.ts';

const authenticator = basic('operator', 's3cret');
const url = 'https://hv01.example.org:5986/wsman';
const openUntyped = (...given: unknown[]) => untyped(RunspacePool.open.bind(RunspacePool))(...given);
const shell = createPsrpShell({ commands: {} });
const untyped = (call: unknown) => call as (...given: unknown[]) => unknown;
const make = (type: unknown) => (options: unknown) => new (type as new (given: unknown) => unknown)(options);
const client = { url, authenticator };
const host = { backend: shell, authentication: basicAuthentication(() => false) };
const stream = () => new PassThrough();

/** Calls that a caller without types may make, and the option that each error has to name. */
const calls: readonly (readonly [option: string, call: () => unknown])[] = [
  ['authenticator', () => make(WsmanClient)({ url })],
  ['authenticator', () => untyped(wsmanTransport)({ url, authenticator: {} })],
  ['url', () => make(WsmanClient)({ authenticator })],
  ['options', () => make(WsmanClient)(undefined)],
  ['url', () => wsmanTransport({ ...client, url: 'hv01:5985' })],
  ['url', () => wsmanTransport({ ...client, url: 'ftp://hv01.example.org' })],
  ['url', () => wsmanTransport({ ...client, url: 'https://operator:s3cret@hv01.example.org/wsman' })],
  ['operationTimeoutMs', () => wsmanTransport({ ...client, operationTimeoutMs: Number.NaN })],
  ['connectTimeoutMs', () => wsmanTransport({ ...client, connectTimeoutMs: -1 })],
  ['maxEnvelopeSize', () => wsmanTransport({ ...client, maxEnvelopeSize: 0 })],
  ['maxConnections', () => wsmanTransport({ ...client, maxConnections: 2.5 })],
  ['onRequest', () => untyped(wsmanTransport)({ ...client, onRequest: 'log' })],
  ['idleConnectionMs', () => wsmanTransport({ ...client, idleConnectionMs: 1e12 })],
  ['user', () => untyped(basic)(undefined, 's3cret')],
  ['password', () => untyped(basic)('operator')],
  ['transport', () => openUntyped({})],
  ['maxRunspaces', () => RunspacePool.open(new LoopbackTransport(shell), { maxRunspaces: 0 })],
  ['id', () => RunspacePool.open(new LoopbackTransport(shell), { id: 'mine' })],
  ['signal', () => openUntyped(new LoopbackTransport(shell), { signal: {} })],
  [
    'limits.maxObjectSize',
    () => RunspacePool.open(new LoopbackTransport(shell), { limits: { maxObjectSize: -5 } }),
  ],
  ['namePrefix', () => untyped(sweepShells)(new WsmanClient(client), { living: [] })],
  ['living', () => untyped(sweepShells)(new WsmanClient(client), { namePrefix: 'a' })],
  ['authentication', () => make(WsmanListener)({ backend: shell })],
  ['backend', () => make(WsmanListener)({ backend: {}, authentication: () => undefined })],
  ['port', () => serveListener(() => undefined, { port: 70_000 })],
  ['handler', () => untyped(serveListener)()],
  ['commands', () => untyped(createPsrpShell)({})],
  ['commands', () => untyped(createPsrpShell)({ commands: { 'Get-It': 'x' } })],
  ['chunkSize', () => createPsrpShell({ commands: {}, chunkSize: 1 })],
  ['handler', () => untyped(commandShell)()],
  ['verify', () => untyped(basicAuthentication)()],
  ['connect', () => untyped(relayBackend)()],
  ['spawn', () => untyped(processShell)({})],
  ['command', () => untyped(processTransport)({ command: 7 })],
  ['graceMs', () => processTransport({ graceMs: -1 })],
  ['limits.maxIncompleteObjects', () => new ServerRunspacePool({ limits: { maxIncompleteObjects: 0 } })],
  [
    'limits.maxHeldSize',
    () => new ClientRunspacePool({ id: crypto.randomUUID(), limits: { maxHeldSize: 0 } }),
  ],
  ['limits.maxObjectSize', () => new FragmentAssembler({ maxObjectSize: 0.5 })],
  ['options', () => untyped(wsmanTransport)()],
  ['tls', () => untyped(wsmanTransport)({ ...client, tls: true })],
  ['tls.ca', () => untyped(wsmanTransport)({ ...client, tls: { ca: 7 } })],
  ['tls.ca', () => untyped(wsmanTransport)({ ...client, tls: { ca: [undefined] } })],
  ['tls.rejectUnauthorized', () => untyped(wsmanTransport)({ ...client, tls: { rejectUnauthorized: 'no' } })],
  ['tls.servername', () => untyped(wsmanTransport)({ ...client, tls: { servername: 7 } })],
  ['tls.fingerprint256', () => untyped(wsmanTransport)({ ...client, tls: { fingerprint256: 7 } })],
  ['tls.fingerprint256', () => wsmanTransport({ ...client, tls: { fingerprint256: 'AB:CD' } })],
  ['tls.fingerprint256', () => wsmanTransport({ ...client, tls: { fingerprint256: [] } })],
  ['client', () => untyped(sweepShells)(undefined, { namePrefix: 'a', living: [] })],
  ['living', () => untyped(sweepShells)(new WsmanClient(client), { namePrefix: 'a', living: {} })],
  ['find', () => untyped(createPsrpShell)({ commands: {}, find: 'Get-It' })],
  ['limits.maxObjectSize', () => createPsrpShell({ commands: {}, limits: { maxObjectSize: 0 } })],
  ['options', () => make(WsmanListener)(undefined)],
  ['resourceUris', () => make(WsmanListener)({ ...host, resourceUris: [7] })],
  ['pacing', () => make(WsmanListener)({ ...host, pacing: 1 })],
  ['pacing.receiveBytes', () => make(WsmanListener)({ ...host, pacing: { receiveBytes: 0 } })],
  ['pacing.highWaterMark', () => make(WsmanListener)({ ...host, pacing: { highWaterMark: '1' } })],
  [
    'pacing.idleDisconnectMs',
    () => make(WsmanListener)({ ...host, pacing: { idleDisconnectMs: Number.NaN } }),
  ],
  ['pacing.idleLostMs', () => make(WsmanListener)({ ...host, pacing: { idleLostMs: 1e12 } })],
  ['pacing.operationTimeoutMs', () => make(WsmanListener)({ ...host, pacing: { operationTimeoutMs: -1 } })],
  ['quotas.shells', () => make(WsmanListener)({ ...host, quotas: { shells: -1 } })],
  ['quotas.shellsPerUser', () => make(WsmanListener)({ ...host, quotas: { shellsPerUser: '25' } })],
  ['quotas.users', () => make(WsmanListener)({ ...host, quotas: { users: 0.5 } })],
  ['quotas.operationsPerUser', () => make(WsmanListener)({ ...host, quotas: { operationsPerUser: null } })],
  [
    'quotas.commandsPerShell',
    () => make(WsmanListener)({ ...host, quotas: { commandsPerShell: Number.NaN } }),
  ],
  [
    'identity.productVersion',
    () => make(WsmanListener)({ ...host, identity: { protocolVersion: '', productVendor: '' } }),
  ],
  ['listenerAt', () => untyped(routeByPath)()],
  ['listenerAt', () => untyped(routeByPath)({ '/wsman': undefined })],
  ['args', () => untyped(processTransport)({ args: [1] })],
  // The types forbid a call without arguments; plain JavaScript does not.
  ['input', () => new (PacketTransport as unknown as new () => unknown)()],
  ['output', () => untyped((output: never) => new PacketTransport(stream(), output))({})],
  ['maxLineLength', () => new PacketTransport(stream(), stream(), { maxLineLength: 0 })],
  ['highWaterMark', () => new PacketTransport(stream(), stream(), { highWaterMark: -1 })],
  [
    'explainEnd',
    () => untyped((options: never) => new PacketTransport(stream(), stream(), options))({ explainEnd: 1 }),
  ],
  ['options', () => untyped((options: never) => new PacketTransport(stream(), stream(), options))(null)],
  ['input', () => untyped(servePackets)()],
  ['output', () => untyped(servePackets)(stream(), {}, shell)],
  ['backend', () => untyped(servePackets)(stream(), stream())],
  ['source', () => untyped(parseClixml)()],
  ['source', () => untyped(parseClixmlValue)(7)],
  ['limits', () => untyped(parseClixml)('<Nil/>', null)],
  ['limits.maxDepth', () => parseClixml('<Nil/>', { maxDepth: 0 })],
  ['limits.maxSize', () => parseClixmlValue('<Nil/>', { maxSize: Number.NaN })],
  ['values', () => untyped(writeClixml)()],
  ['values', () => untyped(writeClixml)('text')],
  ['options', () => untyped(writeClixml)([], 7)],
  ['wrapper', () => untyped(writeClixml)([], { wrapper: 'yes' })],
  ['maxDepth', () => writeClixml([], { maxDepth: 0 })],
  ['limits.maxValues', () => toPlain(null, { maxValues: -1 })],
  ['text', () => untyped(parseXml)()],
  ['limits.maxElements', () => untyped(parseXml)('<a/>', { maxDepth: 1 })],
  ['user', () => untyped(ntlm)({ password: 's3cret' })],
  ['password', () => untyped(ntlm)({ user: 'operator', password: 7 })],
  ['options', () => untyped(ntlm)()],
  ['options', () => untyped(kerberos)()],
  ['host', () => untyped(kerberos)({ keytab: '/etc/service.keytab', host: 7 })],
  ['service', () => untyped(kerberos)({ service: null })],
  ['principal', () => untyped(kerberos)({ principal: 7 })],
  ['ccache', () => untyped(kerberos)({ ccache: true })],
  ['keytab', () => untyped(kerberos)({ keytab: 7 })],
  ['setting', () => untyped(keytabFrom)()],
  ['options', () => make(NegotiateAcceptor)(undefined)],
  ['keytab', () => make(NegotiateAcceptor)({ keytab: 7 })],
  ['ntlm', () => make(NegotiateAcceptor)({ ntlm: 'yes' })],
];

describe('a missing or invalid option', () => {
  test.each(calls)('is named: %s (%#)', async (option, call) => {
    const error: unknown = await Promise.resolve()
      .then(call)
      .then(
        () => undefined,
        (reason: unknown) => reason,
      );
    expect(error).toBeInstanceOf(OptionError);
    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({ option, message: expect.stringContaining(`${option} must be `) as string });
    expect(String(error)).not.toContain('s3cret');
  });

  test('of an invocation is named', async () => {
    await using pool = await RunspacePool.open(new LoopbackTransport(shell));
    const invoke = untyped(pool.invoke.bind(pool));
    for (const [option, value] of [
      ['signal', 1],
      ['highWaterMark', 0],
      ['stopTimeoutMs', -1],
      ['id', 'x'],
    ]) {
      expect(() => invoke({ command: 'Get-It' }, { [String(option)]: value })).toThrow(
        expect.objectContaining({ option }),
      );
    }
  });

  test('of a call to the pool is named', async () => {
    await using pool = await RunspacePool.open(new LoopbackTransport(shell));
    for (const call of [
      pool.getAvailableRunspaces.bind(pool),
      pool.setMaxRunspaces.bind(pool, 1),
      pool.setMinRunspaces.bind(pool, 1),
      pool.resetRunspaceState.bind(pool),
    ]) {
      await expect(untyped(call)({ signal: {} })).rejects.toMatchObject({ option: 'signal' });
      await expect(untyped(call)(null)).rejects.toMatchObject({ option: 'options' });
    }
  });
});
