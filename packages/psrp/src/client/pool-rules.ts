import { checkOptions, rules, type OptionRules } from '../core/index.ts';
import type { PipelineOptions } from './pipeline-types.ts';
import type { RunspacePoolOptions } from './runspace-pool-options.ts';
import type { PsrpTransport } from './transport.ts';

/** Rules for the options of a runspace pool. */
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

/** Rules for the options of an invocation. */
export const pipelineRules: OptionRules<PipelineOptions> = {
  signal: rules.signal,
  highWaterMark: rules.size,
  stopTimeoutMs: rules.duration,
  id: rules.guid,
};

/** Rule for the transport of a pool. */
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

/** @throws {OptionError} if the transport or an option of the pool is unusable. */
export function checkPool(transport: PsrpTransport, options: RunspacePoolOptions): void {
  checkOptions({ transport }, { transport: transportRule }, ['transport']);
  checkOptions(options, poolRules);
}
