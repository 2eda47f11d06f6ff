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
  /**
   * Bytes of the largest object (a command with its parameters, an input object) that the endpoint takes. Larger ones fail
   * their pipeline with the PsrpError `object-too-large` and are not sent: an endpoint would break the whole pool. 10 MiB by
   * default, as `PSMaximumReceivedObjectSizeMB` of PowerShell's endpoints. Those take 50 MB for one command in all
   * (`PSMaximumReceivedDataSizePerCommandMB`, input included), which is not watched over here.
   */
  readonly maxSentObjectSize?: number;
}
