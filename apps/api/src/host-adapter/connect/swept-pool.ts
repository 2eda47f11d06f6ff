import { RunspacePool, type PsrpTransport, type WsmanClientOptions } from '@aether-v/psrp/client';
import type { HostEndpoint } from '../../config/host-endpoint.ts';
import { isQuota, type HostShells } from './host-shells.ts';

/** Options for opening runspace pools. */
export interface SweptPoolOptions {
  /** Creates a host's transport without connecting. */
  readonly transport: (endpoint: HostEndpoint) => PsrpTransport;
  /** Returns the options for direct requests to a host; undefined if it has no shells to sweep. */
  readonly requests: (endpoint: HostEndpoint) => WsmanClientOptions | undefined;
  /** Concurrent pipelines on one host: its operations, and a watch. */
  readonly runspaces: number;
  readonly shells: HostShells;
  /** Called after orphaned shells were deleted. */
  readonly onSwept: (endpoint: HostEndpoint, shells: number) => void;
}

/**
 * Memory that a host can make the service hold: a line of the agent has at most 256 kB, and a host runs few operations
 * at once.
 */
const poolLimits = { maxObjectSize: 4 * 1024 * 1024, maxHeldSize: 32 * 1024 * 1024 };

/** An open pool whose shell has a unique name. */
export interface SweptPool {
  readonly pool: RunspacePool;
  /** Marks the pool as closed; if its shell still exists, it may be swept. */
  end(): Promise<void>;
}

/** Opens a pool on a host, and sweeps the orphaned shells there. */
export async function openSweptPool(
  endpoint: HostEndpoint,
  signal: AbortSignal,
  options: SweptPoolOptions,
): Promise<SweptPool> {
  const shell = options.shells.begin();
  try {
    const pool = await makeRoomAndOpen(endpoint, shell.name, signal, options);
    const sweep = sweepBeside(endpoint, options);
    return {
      pool,
      end: () => {
        shell.end();
        return sweep.stop();
      },
    };
  } catch (error) {
    shell.end();
    throw error;
  }
}

async function makeRoomAndOpen(
  endpoint: HostEndpoint,
  name: string,
  signal: AbortSignal,
  { transport, requests, runspaces, shells, onSwept }: SweptPoolOptions,
): Promise<RunspacePool> {
  const open = (): Promise<RunspacePool> =>
    RunspacePool.open(transport(endpoint), { maxRunspaces: runspaces, name, signal, limits: poolLimits });
  try {
    return await open();
  } catch (error) {
    const client = requests(endpoint);
    if (!isQuota(error) || client === undefined) throw error;
    const deleted = await shells.sweep(client, signal).catch(() => 0);
    if (deleted === 0) throw error;
    onSwept(endpoint, deleted);
    return await open();
  }
}

/** Sweeps a host on its first connection, without delaying the session. */
function sweepBeside(
  endpoint: HostEndpoint,
  { requests, shells, onSwept }: SweptPoolOptions,
): { stop(): Promise<void> } {
  const client = requests(endpoint);
  if (client === undefined) return { stop: () => Promise.resolve() };
  const stop = new AbortController();
  const swept = shells.sweepOnce(endpoint.address, client, stop.signal).then(
    (deleted) => {
      if (deleted > 0) onSwept(endpoint, deleted);
    },
    // Retried with the next session; until then the host's own timeout has the same effect.
    () => undefined,
  );
  return {
    stop: () => {
      stop.abort();
      return swept;
    },
  };
}
