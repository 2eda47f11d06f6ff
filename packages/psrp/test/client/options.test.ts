import { describe, expect, test } from 'vitest';
import { kerberos, NegotiateAcceptor, ntlm } from '@aether-v/psrp/gssapi';
import {
  basic,
  OptionError,
  RunspacePool,
  sweepShells,
  WsmanClient,
  wsmanTransport,
} from '../../src/client/index.ts';
import { ClientRunspacePool, FragmentAssembler, ServerRunspacePool } from '../../src/core/index.ts';
import { processShell, processTransport, relayBackend } from '../../src/process/index.ts';
import {
  basicAuthentication,
  commandShell,
  createPsrpShell,
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
  ['namePrefix', () => untyped(sweepShells)({}, { living: [] })],
  ['living', () => untyped(sweepShells)({}, { namePrefix: 'a' })],
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
];

describe('an option that is missing or unusable', () => {
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

  test.each([
    ['user', () => untyped(ntlm)({ password: 's3cret' })],
    ['password', () => untyped(ntlm)({ user: 'operator', password: 7 })],
    ['host', () => untyped(kerberos)({ keytab: '/etc/service.keytab', host: 7 })],
    ['keytab', () => make(NegotiateAcceptor)({ keytab: 7 })],
  ])('of GSSAPI is named: %s', (option, call) => {
    expect(call).toThrow(TypeError);
    expect(call).toThrow(`${option} must be a string`);
  });
});
