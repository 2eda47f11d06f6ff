import type { PsValue } from '../clixml/index.ts';
import type { FragmentLimits } from '../core/index.ts';

/** Options of {@link RunspacePool.open}. */
export interface RunspacePoolOptions {
  /** 1 by default. */
  readonly minRunspaces?: number;
  /** How many pipelines run at once; more wait at the host. 1 by default. */
  readonly maxRunspaces?: number;
  /** Gives up opening. Of no meaning once the pool is open. */
  readonly signal?: AbortSignal;
  /**
   * How long a host that has the pool may take to say that it is open, in milliseconds; then opening rejects with the
   * PsrpError `pool-broken`. 60,000 by default. Getting the pool to the host is bounded by its transport.
   */
  readonly openTimeoutMs?: number;
  /** The pool's id; a random GUID by default. */
  readonly id?: string;
  /**
   * A name for people who list the shells of a host (`rsp:Name`): of word characters, spaces and `.:@-`, 64 at most; the rest
   * is replaced or cut. With a name of `lifeName` a later life of the service can sweep what this one leaves behind.
   */
  readonly name?: string;
  /** What scripts see as `$PSSenderInfo.ApplicationArguments`. */
  readonly applicationArguments?: PsValue;
  /** Bounds of what the host may send. */
  readonly limits?: Partial<FragmentLimits>;
}
