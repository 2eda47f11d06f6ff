import { checkOptions, rules, type OptionRules } from '../core/index.ts';
import type { PipelineOptions } from './pipeline-types.ts';
import type { RunspacePoolOptions } from './runspace-pool-options.ts';
import type { PsrpTransport } from './transport.ts';

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
