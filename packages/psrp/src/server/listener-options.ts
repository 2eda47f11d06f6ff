import type { IncomingMessage, ServerResponse } from 'node:http';
import { checkOptions, rules, type OptionRules } from '../core/index.ts';
import type { FaultName, Identity } from '../wsman/index.ts';
import type { ServerAuthentication } from './authentication.ts';
import type { Clock } from './clock.ts';
import type { CommandShellBackend } from './command-shell.ts';
import type { EndpointQuotas } from './quotas.ts';
import type { WsmanReply } from './reply.ts';
import type { ShellBackend } from './shell-backend.ts';
import type { ShellPacing } from './shell-session.ts';
import type { CountedAction } from './traffic.ts';

/** A request on its way to its shell. */
export interface InterceptedRequest {
  readonly action: CountedAction;
  readonly shellId: string | undefined;
  readonly commandId: string | undefined;
  /** The raw exchange: whoever takes over writes here, or destroys `http.socket`. */
  readonly http: IncomingMessage;
  readonly response: ServerResponse;
  /** An answer that is a fault. */
  readonly refuse: (fault: FaultName) => WsmanReply;
}

/**
 * Stands between a request and its answer. Returns the answer to write, or undefined where it has dealt with the raw
 * exchange itself (said nothing, cut it, written half).
 */
export type Interceptor = (
  request: InterceptedRequest,
  next: () => Promise<WsmanReply | undefined>,
) => Promise<WsmanReply | undefined>;

/** How a listener behaves. Times are milliseconds, sizes bytes. */
export interface WsmanListenerOptions {
  /** Serves the shells of PSRP. */
  readonly backend?: ShellBackend;
  /** Serves those of WinRS, at shellResourceUris.commandShell. */
  readonly commandShell?: CommandShellBackend;
  readonly authentication: ServerAuthentication;
  readonly clock?: Clock;
  readonly pacing?: Partial<ShellPacing>;
  /** Endpoints that `backend` serves. Default: Windows PowerShell's. */
  readonly resourceUris?: readonly string[];
  /** Departures from what real hosts allow, for both kinds of shells. */
  readonly quotas?: Partial<EndpointQuotas>;
  /** The longest envelope that is read. Default 512,000, as MaxEnvelopeSizekb 500. */
  readonly maxEnvelopeSize?: number;
  /** What the host calls itself in faults. */
  readonly machine?: string;
  readonly identity?: Identity;
  readonly intercept?: Interceptor;
}

const listenerRules: OptionRules<WsmanListenerOptions> = {
  backend: rules.with('a ShellBackend', 'open'),
  commandShell: rules.with('a CommandShellBackend', 'open'),
  authentication: rules.call,
  clock: rules.with('a Clock', 'now', 'schedule'),
  pacing: rules.object,
  resourceUris: rules.textList,
  quotas: rules.object,
  maxEnvelopeSize: rules.count,
  machine: rules.text,
  identity: rules.object,
  intercept: rules.call,
};

const pacingRules: OptionRules<ShellPacing> = {
  receiveBytes: rules.count,
  highWaterMark: rules.size,
  idleDisconnectMs: rules.durationFrom(1),
  idleLostMs: rules.durationFrom(1),
  operationTimeoutMs: rules.durationFrom(1),
};

const quotaRules: OptionRules<EndpointQuotas> = {
  shellsPerUser: rules.quota,
  shells: rules.quota,
  users: rules.quota,
  operationsPerUser: rules.quota,
  commandsPerShell: rules.quota,
};

const identityRules: OptionRules<Identity> = {
  protocolVersion: rules.text,
  productVendor: rules.text,
  productVersion: rules.text,
};

/** @throws {OptionError} for an option of a listener that is missing or unusable. */
export function checkListener(options: WsmanListenerOptions): void {
  checkOptions(options, listenerRules, ['authentication']);
  const { pacing, quotas, identity } = options;
  if (pacing !== undefined) checkOptions<Partial<ShellPacing>>(pacing, pacingRules, [], 'pacing');
  if (quotas !== undefined) checkOptions<Partial<EndpointQuotas>>(quotas, quotaRules, [], 'quotas');
  if (identity === undefined) return;
  checkOptions(identity, identityRules, ['protocolVersion', 'productVendor', 'productVersion'], 'identity');
}
