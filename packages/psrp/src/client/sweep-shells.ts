import { checkOptions, rules, type OptionRules } from '../core/index.ts';
import type { ShellDescription } from '../wsman/index.ts';
import { Deadline } from './deadline.ts';
import { WsmanError } from './errors.ts';
import { shortName } from './shell-name.ts';
import type { WsmanClient } from './wsman-client.ts';

/** Options of {@link sweepShells}. Durations are in milliseconds. */
export interface SweepOptions {
  /**
   * Prefix of the shell names of one service, the same in each of its processes, see {@link lifeName}. Two services that
   * share an account on a host need separate prefixes, or list each other's ids in `living`.
   */
  readonly namePrefix: string;
  /**
   * Ids of the processes whose shells are kept: the caller's own, and those of others with the same prefix. Read after
   * the shells are listed, so a process that is added before it creates its first shell is always safe.
   */
  readonly living: Iterable<string>;
  /** Keeps shells with a request within this time. Default 0: the name of an earlier process is sufficient proof. */
  readonly minInactivityMs?: number;
  /** Timeout of the sweep. Default 30,000. */
  readonly timeoutMs?: number;
  /** Aborts the sweep. Shells that were already deleted stay deleted. */
  readonly signal?: AbortSignal;
}

const sweepRules: OptionRules<SweepOptions> = {
  namePrefix: rules.text,
  living: rules.iterable,
  minInactivityMs: rules.duration,
  timeoutMs: rules.durationFrom(1),
  signal: rules.signal,
};

/** Rule for the client that lists and deletes shells. */
const clientRule = rules.with('a WsmanClient', 'shells', 'request');

/** Orphaned shell that the host did not delete, with the error. */
export interface FailedSweep {
  readonly shell: ShellDescription;
  readonly error: WsmanError;
}

/** Result of a sweep. */
export interface SweepResult {
  /** Orphaned shells that are gone, including those that had already ended. */
  readonly deleted: readonly ShellDescription[];
  readonly failed: readonly FailedSweep[];
}

/** Number of concurrent Delete requests: two connections suffice, and a busy host may need seconds for each. */
const concurrentDeletes = 2;

/**
 * Builds a shell name (`RunspacePoolOptions.name`) by which a later process of the same service recognizes its orphaned
 * shells.
 *
 * @param prefix prefix of the service, the same in each of its processes, for example `Aether-V:rack-7`.
 * @param lifeId id of this process, new at each start: letters, digits and hyphens, for example a UUID.
 * @throws {TypeError} if the name would be changed when it is sent: `rsp:Name` holds up to 64 word characters, spaces
 * and `.:@-`.
 */
export function lifeName(prefix: string, lifeId: string): string {
  const name = `${prefix}:${lifeId}`;
  if (prefix === '' || lifeIdOf(name, prefix) === undefined || shortName(name) !== name)
    throw new TypeError(`Not the name of a shell: ${JSON.stringify(name)}`);
  return name;
}

/**
 * Deletes the shells that an earlier process of this service left on a host when it was killed. They consume its quota
 * until their idle timeout. Only shells with a name of {@link lifeName}, the same prefix and an id that is not in
 * `living` are deleted. A failed Delete does not affect the other shells.
 *
 * Rejects with a WsmanError if the shells cannot be listed or the timeout expires, with the reason of an aborted
 * signal, and with an OptionError if an option is missing or unusable.
 */
export async function sweepShells(
  client: Pick<WsmanClient, 'shells' | 'request'>,
  options: SweepOptions,
): Promise<SweepResult> {
  checkOptions({ client }, { client: clientRule }, ['client']);
  checkOptions(options, sweepRules, ['namePrefix', 'living']);
  const { namePrefix, minInactivityMs = 0, timeoutMs = 30_000 } = options;
  const deadline = new Deadline(options.signal);
  deadline.start(timeoutMs, 'The host whose orphaned shells are swept');
  try {
    const { signal } = deadline;
    signal.throwIfAborted();
    const shells = await client.shells(signal);
    // Read after the list: the shells of a life that has started since then are not listed, or their life is in
    // `living`.
    const living = new Set(options.living);
    const orphans = shells.filter(({ name = '', inactivityMs }) => {
      const lifeId = lifeIdOf(name, namePrefix);
      return lifeId !== undefined && !living.has(lifeId) && inactivityMs >= minInactivityMs;
    });
    return await deleteAll(client, orphans, signal);
  } finally {
    deadline.clear();
  }
}

async function deleteAll(
  client: Pick<WsmanClient, 'request'>,
  orphans: ShellDescription[],
  signal: AbortSignal,
): Promise<SweepResult> {
  const deleted: ShellDescription[] = [];
  const failed: FailedSweep[] = [];
  const work = async (): Promise<void> => {
    for (let shell = orphans.pop(); shell !== undefined; shell = orphans.pop()) {
      const error = await deleteOne(client, shell, signal);
      if (error === undefined) deleted.push(shell);
      else failed.push({ shell, error });
    }
  };
  await Promise.all(Array.from({ length: concurrentDeletes }, work));
  return { deleted, failed };
}

async function deleteOne(
  client: Pick<WsmanClient, 'request'>,
  { resourceUri, shellId }: ShellDescription,
  signal: AbortSignal,
): Promise<WsmanError | undefined> {
  try {
    await client.request({ action: 'delete', resourceUri, shellId }, signal);
    return undefined;
  } catch (error) {
    if (signal.aborted || !(error instanceof WsmanError)) throw error;
    return error.fault?.isShellNotFound === true ? undefined : error;
  }
}

/** Returns the life id in a shell name; undefined if the name is not one of {@link lifeName}. */
function lifeIdOf(name: string, prefix: string): string | undefined {
  if (prefix === '' || !name.startsWith(`${prefix}:`)) return undefined;
  const lifeId = name.slice(prefix.length + 1);
  return /^[\dA-Za-z-]+$/.test(lifeId) ? lifeId : undefined;
}
