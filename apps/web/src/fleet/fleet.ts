import { parseFleetVersion, type Job, type RowKind, type Rows } from '@aether-v/types';
import type { QueryClient } from '@tanstack/react-query';
import { api } from './api.ts';
import {
  applyAccepted,
  applyEvents,
  applyMissing,
  applyRead,
  emptyCache,
  type Coverage,
  type FleetCache,
  type FleetEvent,
  type RowChange,
} from './cache.ts';
import { wait } from './wait.ts';
import { noInterest, uniteInterest, type Interest } from './interest.ts';
import { LiveLists } from './live-lists.ts';
import { serviceClock } from './service-clock.ts';
import { SharedStream } from './shared-stream.ts';
import type { StreamMessage } from './stream-messages.ts';
import type { StreamPorts, StreamStatus } from './stream.ts';
import { UsageStore } from './usage-store.ts';

/** The session that the fleet is read with. */
export interface FleetSession {
  /** Resolves when someone who may view the fleet is signed in, or when the signal is aborted. */
  signedIn(signal: AbortSignal): Promise<void>;
  /** Finds out if the session has ended. */
  check(): Promise<void>;
}

function streamPorts(session: FleetSession): StreamPorts {
  return {
    open: (from, signal) => api.events(from, signal),
    wait,
    signedIn: (signal) => session.signedIn(signal),
    now: serviceClock.now,
    random: Math.random,
  };
}

/** The console's single model of the fleet: updated by reads and by the stream, observed by all components. */
export class Fleet {
  readonly usage = new UsageStore();
  #state: FleetCache = emptyCache;
  #streamStatus: StreamStatus = { state: 'connecting', since: serviceClock.now() };
  #cursor: string | null = null;
  #following = false;
  #lost = false;
  readonly #listeners = new Set<() => void>();
  readonly #interests = new Map<symbol, Interest>();
  readonly #queries: QueryClient;
  readonly #session: FleetSession;
  readonly #lists: LiveLists;
  readonly #stream: SharedStream;

  constructor(queries: QueryClient, session: FleetSession) {
    this.#queries = queries;
    this.#session = session;
    this.#lists = new LiveLists(queries);
    this.#stream = new SharedStream({
      ports: streamPorts(session),
      sendInterest: (id, { vmIds, hostIds }) => api.interest(id, vmIds, hostIds),
      cursor: () => this.#cursor,
      onMessages: (messages) => this.#receive(messages),
      onStatus: (status) => this.#setStatus(status),
      onTime: (now) => serviceClock.set(now),
      onResume: (from) => this.#resumed(from),
    });
    this.#stream.listen();
  }

  get cache(): FleetCache {
    return this.#state;
  }

  get status(): StreamStatus {
    return this.#streamStatus;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Follows the fleet from the version of the first read. */
  follow(version: string): void {
    if (this.#following) return;
    this.#following = true;
    // Another tab may have reported changes before the first read completed; the stream then resumes from there.
    this.#cursor ??= version;
    this.#stream.lead();
  }

  /** Applies a read; rows that it covers but does not contain are deleted. */
  read(version: string, rows: readonly RowChange[], covers: Coverage = {}): void {
    this.#fold(applyRead(this.#state, version, rows, covers));
  }

  /** Records that a read did not find the row. */
  missing(kind: RowKind, id: string): void {
    this.#fold(applyMissing(this.#state, kind, id));
  }

  /** Shows an accepted job on its VM at once. */
  accepted(job: Job): void {
    const before = this.#state;
    this.#fold(applyAccepted(before, job));
    this.#lists.touchedJobs(before, [job.id]);
  }

  row<K extends RowKind>(kind: K, id: string): Rows[K] | null {
    return this.#state.tables[kind].get(id)?.row ?? null;
  }

  /** Returns whether the row existed and was deleted. */
  isGone(kind: RowKind, id: string): boolean {
    return this.#state.tables[kind].get(id)?.row === null;
  }

  /** Registers the objects that a component shows; returns a function that unregisters them. */
  look(interest: Interest): () => void {
    const key = Symbol('interest');
    this.#interests.set(key, interest);
    this.#stream.show(uniteInterest(this.#interests.values()));
    return () => {
      this.#interests.delete(key);
      this.#stream.show(this.#interests.size > 0 ? uniteInterest(this.#interests.values()) : noInterest);
    };
  }

  #receive(messages: readonly StreamMessage[]): void {
    const events: FleetEvent[] = [];
    for (const message of messages) {
      if (message.type === 'hello') serviceClock.set(message.now);
      else if (message.type === 'usage') this.usage.add(message.vms, message.hosts);
      else events.push(message.event);
    }
    if (events.length === 0) return;
    const before = this.#state;
    this.#cursor = events.at(-1)?.version ?? this.#cursor;
    this.#fold(applyEvents(before, events));
    if (events.some((event) => event.type === 'reset')) void this.#queries.invalidateQueries();
    else this.#lists.touched(before, this.#state, events);
  }

  #resumed(from: string | null): void {
    const [theirs, ours] = [parseFleetVersion(from ?? ''), parseFleetVersion(this.#cursor ?? '')];
    if (!theirs || !ours || (theirs.epoch === ours.epoch && theirs.seq <= ours.seq)) return;
    void this.#queries.invalidateQueries();
  }

  #setStatus(status: StreamStatus): void {
    const recovered = this.#lost && status.state === 'live';
    // A tab that takes over the stream is connecting, but requests that failed before must still be retried.
    const isLost = status.state === 'unreachable' || status.state === 'signed-out';
    this.#lost = isLost || (this.#lost && status.state === 'connecting');
    if (status.state === 'signed-out') void this.#session.check();
    this.#streamStatus = status;
    this.#notify();
    // Requests that failed in the meantime are retried; the stream updates the others.
    if (recovered)
      void this.#queries.invalidateQueries({ predicate: (query) => query.state.status === 'error' });
  }

  #fold(next: FleetCache): void {
    if (next === this.#state) return;
    this.#state = next;
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
