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

/** Request before it reaches its shell. */
export interface InterceptedRequest {
  readonly action: CountedAction;
  readonly shellId: string | undefined;
  readonly commandId: string | undefined;
  /** Raw exchange. An interceptor that takes over writes to `response` or destroys `http.socket`. */
  readonly http: IncomingMessage;
  readonly response: ServerResponse;
  /** Creates a fault response. */
  readonly refuse: (fault: FaultName) => WsmanReply;
}

/**
 * Intercepts a request; `next` processes it normally. Returns the response to write, or undefined if the interceptor
 * has handled the raw exchange itself (no response, closed connection, partial response).
 */
export type Interceptor = (
  request: InterceptedRequest,
  next: () => Promise<WsmanReply | undefined>,
) => Promise<WsmanReply | undefined>;

/** Options of a {@link WsmanListener}. Durations are in milliseconds, sizes in bytes. */
export interface WsmanListenerOptions {
  /** Serves PSRP shells. */
  readonly backend?: ShellBackend;
  /** Serves WinRS shells at `shellResourceUris.commandShell`. */
  readonly commandShell?: CommandShellBackend;
  readonly authentication: ServerAuthentication;
  readonly clock?: Clock;
  readonly pacing?: Partial<ShellPacing>;
  /** Resource URIs that `backend` serves. Default: the Windows PowerShell endpoint. */
  readonly resourceUris?: readonly string[];
  /** Overrides the quotas of real hosts, for both kinds of shells. */
  readonly quotas?: Partial<EndpointQuotas>;
  /** Size of the largest envelope that is read. Default 512,000 (MaxEnvelopeSizekb 500). */
  readonly maxEnvelopeSize?: number;
  /** Name of the host in faults. Default `localhost`. */
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

/** @throws {OptionError} if an option of a listener is missing or unusable. */
export function checkListener(options: WsmanListenerOptions): void {
  checkOptions(options, listenerRules, ['authentication']);
  const { pacing, quotas, identity } = options;
  if (pacing !== undefined) checkOptions<Partial<ShellPacing>>(pacing, pacingRules, [], 'pacing');
  if (quotas !== undefined) checkOptions<Partial<EndpointQuotas>>(quotas, quotaRules, [], 'quotas');
  if (identity === undefined) return;
  checkOptions(identity, identityRules, ['protocolVersion', 'productVendor', 'productVersion'], 'identity');
}
