import { RunspacePool, type PsrpTransport, type WsmanClientOptions } from '@aether-v/psrp/client';
import type { HostEndpoint } from '../../config/host-endpoint.ts';
import { isQuota, type HostShells } from './host-shells.ts';

/** How runspace pools are opened. */
export interface SweptPoolOptions {
  /** Makes what carries a session to a host; it connects to nothing yet. */
  readonly transport: (endpoint: HostEndpoint) => PsrpTransport;
  /** How requests get to a host beside that, or undefined where there are no shells to sweep. */
  readonly requests: (endpoint: HostEndpoint) => WsmanClientOptions | undefined;
  /** How many pipelines run at once on one host: its operations, and a watch. */
  readonly runspaces: number;
  readonly shells: HostShells;
  /** Hears of shells that nobody held any more and that were deleted. */
  readonly onSwept: (endpoint: HostEndpoint, shells: number) => void;
}

/** What a host may make the service hold: a line of the agent has 256 kB at most, and a host runs few operations at once. */
const poolLimits = { maxObjectSize: 4 * 1024 * 1024, maxHeldSize: 32 * 1024 * 1024 };

/** An open pool whose shell has a name of its own. */
export interface SweptPool {
  readonly pool: RunspacePool;
  /** The pool is closed: its shell, should there still be one, may be swept. */
  end(): Promise<void>;
}

/** Opens a pool on a host, and sweeps the shells there that nobody holds any more. */
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

/** Sweeps a host that has just been reached for the first time; the session needs not wait for that. */
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
    // Tried again with the next session; until then the host's own time-out does the same.
    () => undefined,
  );
  return {
    stop: () => {
      stop.abort();
      return swept;
    },
  };
}
