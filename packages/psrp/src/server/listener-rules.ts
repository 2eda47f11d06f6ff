import { checkOptions, rules, type OptionRules } from '../core/index.ts';
import type { Identity } from '../wsman/index.ts';
import type { EndpointQuotas } from './quotas.ts';
import type { ShellPacing } from './shell-session.ts';
import type { WsmanListenerOptions } from './wsman-listener.ts';

const listenerRules: OptionRules<WsmanListenerOptions> = {
  backend: rules.with('a ShellBackend', 'open'),
  commandShell: rules.with('a CommandShellBackend', 'open'),
  authentication: rules.call,
  clock: rules.with('a Clock', 'now', 'after'),
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
