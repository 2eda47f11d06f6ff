import { backoffDelay } from '@aether-v/types';
import type { Clock } from '../../common/clock.ts';
import { HostOperationError } from '../errors/host-operation-error.ts';

/** Number of immediate transfers of the agent's text to a host, and the waits after that (milliseconds). */
export const loadPacing = {
  free: 4,
  first: 30_000,
  longest: 900_000,
  /** The counter restarts after this time without a transfer. */
  forgetAfter: 3_600_000,
} as const;

interface Loads {
  count: number;
  last: number;
}

/**
 * Limits how often the agent's text is sent to a host. Each text may be written to the host's script-block log (about
 * 0.65 MB of 15 MB), so sessions that keep breaking would flush its other entries.
 */
export class LoadPace {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #loads = new Map<string, Loads>();
  readonly #refusing = new Set<string>();

  constructor(clock: Clock, random: () => number = Math.random) {
    this.#clock = clock;
    this.#random = random;
  }

  /**
   * Counts a text that is about to be sent to a host that would load it. @throws HostOperationError `host-unavailable` if
   * it is too early for another one.
   */
  take(address: string): void {
    const now = this.#clock.now();
    const known = this.#loads.get(address);
    const loads =
      known === undefined || now - known.last >= loadPacing.forgetAfter ? { count: 0, last: now } : known;
    const wait = loads.last + this.#waitBefore(loads.count) - now;
    if (wait > 0) throw tooEarly(wait);
    this.#refusing.delete(address);
    this.#loads.set(address, { count: loads.count + 1, last: now });
  }

  /** Records that a host did not load the text: its next sessions ask before they send it. */
  refused(address: string): void {
    this.#refusing.add(address);
  }

  /** Returns whether a host refused the text when it was last sent. */
  hasRefused(address: string): boolean {
    return this.#refusing.has(address);
  }

  #waitBefore(count: number): number {
    const late = count - loadPacing.free;
    return late < 0 ? 0 : backoffDelay(late + 1, { ...loadPacing, random: this.#random });
  }
}

function tooEarly(wait: number): HostOperationError {
  return new HostOperationError(
    'host-unavailable',
    'Sessions on this host broke repeatedly, so the service delays sending the agent again: each transfer fills the host’s PowerShell event log.',
    {
      began: false,
      remedy:
        'Find out why the sessions end (WinRM event log of the host), or install the agent (AGENT_DEPLOYMENT=push).',
      retryAfterSeconds: Math.ceil(wait / 1000),
    },
  );
}
