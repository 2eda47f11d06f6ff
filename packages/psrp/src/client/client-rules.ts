import { checkOptions, rules, type OptionRules } from '../core/index.ts';
import type { PipelineOptions } from './pipeline-types.ts';
import type { PoolCallOptions } from './pool-calls.ts';
import type { RunspacePoolOptions } from './runspace-pool-options.ts';
import type { SweepOptions } from './sweep-shells.ts';
import type { PsrpTransport } from './transport.ts';
import type { WsmanTransportOptions } from './wsman-transport.ts';

/** Options of a WsmanClient and of a transport over one. */
export const wsmanRules: OptionRules<WsmanTransportOptions> = {
  url: rules.url,
  authenticator: rules.with('an Authenticator, as basic(), kerberos() and ntlm() make them', 'forConnection'),
  tls: rules.object,
  allowPlainCredentials: rules.flag,
  operationTimeoutMs: rules.durationFrom(1),
  timeoutSlackMs: rules.duration,
  connectTimeoutMs: rules.durationFrom(1),
  idleConnectionMs: rules.durationFrom(1),
  maxEnvelopeSize: rules.count,
  maxConnections: rules.count,
  onRequest: rules.call,
  resourceUri: rules.text,
  idleTimeoutMs: rules.durationFrom(1),
  closeTimeoutMs: rules.duration,
};

/** Options of a runspace pool. */
const poolRules: OptionRules<RunspacePoolOptions> = {
  minRunspaces: rules.count,
  maxRunspaces: rules.count,
  signal: rules.signal,
  openTimeoutMs: rules.duration,
  id: rules.guid,
  name: rules.text,
  limits: rules.object,
  maxSentObjectSize: rules.size,
};

/** Options of an invocation. */
export const pipelineRules: OptionRules<PipelineOptions> = {
  signal: rules.signal,
  highWaterMark: rules.size,
  stopTimeoutMs: rules.duration,
  id: rules.guid,
};

/** Options of a call to a pool. */
export const callRules: OptionRules<PoolCallOptions> = { signal: rules.signal };

/** Options of a sweep. */
export const sweepRules: OptionRules<SweepOptions> = {
  namePrefix: rules.text,
  living: rules.iterable,
  minInactivityMs: rules.duration,
  timeoutMs: rules.durationFrom(1),
  signal: rules.signal,
};

/** What lists and deletes shells. */
export const clientRule = rules.with('a WsmanClient', 'shells', 'request');

/** What carries a pool. */
const transportRule = rules.with(
  'a transport, as wsmanTransport() and processTransport() make them',
  ...([
    'open',
    'createCommand',
    'send',
    'receive',
    'signal',
    'close',
  ] as const satisfies readonly (keyof PsrpTransport)[]),
);

/** @throws {OptionError} for a transport that is unusable, or an unusable option of a pool. */
export function checkPool(transport: PsrpTransport, options: RunspacePoolOptions): void {
  checkOptions({ transport }, { transport: transportRule }, ['transport']);
  checkOptions(options, poolRules);
}
