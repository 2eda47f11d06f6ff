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
  /** The pool's id; a random GUID by default. */
  readonly id?: string;
  /** A name for people who list the shells of a host. */
  readonly name?: string;
  /** What scripts see as `$PSSenderInfo.ApplicationArguments`. */
  readonly applicationArguments?: PsValue;
  /** Bounds of what the host may send. */
  readonly limits?: Partial<FragmentLimits>;
}
