import { checkOptions, rules, type OptionRules } from '../core/index.ts';
import type { ShellDescription } from '../wsman/index.ts';
import { Deadline } from './deadline.ts';
import { WsmanError } from './errors.ts';
import { shortName } from './shell-name.ts';
import type { WsmanClient } from './wsman-client.ts';

/** Which shells are orphans. Times are milliseconds. */
export interface SweepOptions {
  /**
   * What the names of all lives of one service begin with, see {@link lifeName}. Two services that use one account on a host
   * need prefixes of their own, or name each other's lives in `living`.
   */
  readonly namePrefix: string;
  /**
   * Ids of the lives whose shells stay: the caller's own, and those of others that share its prefix. Read once the shells are
   * listed, so that a life which is added before its first shell is made is safe at any time.
   */
  readonly living: Iterable<string>;
  /** Spares shells that had a request within this time. Default 0: a name from an earlier life is proof enough. */
  readonly minInactivityMs?: number;
  /** How long the sweep may take. Default 30,000. */
  readonly timeoutMs?: number;
  /** Gives the sweep up; what it has deleted is gone. */
  readonly signal?: AbortSignal;
}

const sweepRules: OptionRules<SweepOptions> = {
  namePrefix: rules.text,
  living: rules.iterable,
  minInactivityMs: rules.duration,
  timeoutMs: rules.durationFrom(1),
  signal: rules.signal,
};

/** What lists and deletes shells. */
const clientRule = rules.with('a WsmanClient', 'shells', 'request');

/** An orphan that the host did not delete, and why. */
export interface FailedSweep {
  readonly shell: ShellDescription;
  readonly error: WsmanError;
}

/** What a sweep did. */
export interface SweepResult {
  /** Orphans that are gone, also those that went by themselves meanwhile. */
  readonly deleted: readonly ShellDescription[];
  readonly failed: readonly FailedSweep[];
}

/** Deletes under way at once: two connections are enough, and a busy host may need seconds for each. */
const concurrentDeletes = 2;

/**
 * The name for a pool's shell (`RunspacePoolOptions.name`) that tells a later life of the same service whose it was.
 *
 * @param prefix the service's, the same in all its lives, for instance `Aether-V:rack-7`.
 * @param lifeId made anew at each start: letters, digits and hyphens, for instance a UUID.
 * @throws {TypeError} if a host would not keep the name as it is: `rsp:Name` takes 64 word characters, spaces and `.:@-`.
 */
export function lifeName(prefix: string, lifeId: string): string {
  const name = `${prefix}:${lifeId}`;
  if (prefix === '' || lifeIdOf(name, prefix) === undefined || shortName(name) !== name)
    throw new TypeError(`Not the name of a shell: ${JSON.stringify(name)}`);
  return name;
}

/**
 * Deletes the shells that an earlier life of this service left on a host when it was killed: they hold its quota until their
 * idle time-out. Only shells with a name of {@link lifeName}, the same prefix and no living id are touched. One that cannot
 * be deleted does not keep the others.
 *
 * Rejects with a WsmanError where the shells cannot be listed or the time is up, or with the reason of the aborted signal.
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
    // Read after the list: a shell of a life that began meanwhile is not in it, or its life is among the living.
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

/** The life that a name tells of, or undefined for the name of anything else. */
function lifeIdOf(name: string, prefix: string): string | undefined {
  if (prefix === '' || !name.startsWith(`${prefix}:`)) return undefined;
  const lifeId = name.slice(prefix.length + 1);
  return /^[\dA-Za-z-]+$/.test(lifeId) ? lifeId : undefined;
}
