import type { PsValue } from '../clixml/index.ts';
import type { FragmentLimits } from '../core/index.ts';

/** Options of {@link RunspacePool.open}. */
export interface RunspacePoolOptions {
  /** Number of runspaces that the host keeps. Default 1. */
  readonly minRunspaces?: number;
  /** Maximum number of concurrent pipelines; further ones wait on the host. Default 1. */
  readonly maxRunspaces?: number;
  /** Aborts opening. Has no effect once the pool is open. */
  readonly signal?: AbortSignal;
  /**
   * Timeout for the host to report the pool as open, in milliseconds, counted from when the transport is open; after it
   * opening rejects with the PsrpError `pool-broken`. Default 60,000. The transport bounds its own opening.
   */
  readonly openTimeoutMs?: number;
  /** Id of the pool. Default: a random GUID. */
  readonly id?: string;
  /**
   * Display name in lists of shells (`rsp:Name`): up to 64 word characters, spaces and `.:@-`; other characters are
   * replaced, longer names cut. With a name from `lifeName`, a later life of the service can delete shells that this
   * one leaves behind.
   */
  readonly name?: string;
  /** Value of `$PSSenderInfo.ApplicationArguments` in scripts. */
  readonly applicationArguments?: PsValue;
  /** Limits on data from the host. */
  readonly limits?: Partial<FragmentLimits>;
  /**
   * Size of the largest object that the endpoint accepts (a command with its parameters, an input object), in bytes.
   * Larger objects are not sent, because an endpoint would break the whole pool; their pipeline fails with the
   * PsrpError `object-too-large`. Default 10 MiB, as `PSMaximumReceivedObjectSizeMB` of PowerShell's endpoints. These
   * also limit one command including its input to 50 MB (`PSMaximumReceivedDataSizePerCommandMB`), which is not checked
   * here.
   */
  readonly maxSentObjectSize?: number;
}
