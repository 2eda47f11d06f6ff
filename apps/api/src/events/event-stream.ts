import { randomUUID } from 'node:crypto';
import {
  formatFleetVersion,
  timestamp,
  type DeletedEvent,
  type HelloEvent,
  type HostUsage,
  type ResetEvent,
  type UsageEvent,
  type Vm,
  type VmUsage,
} from '@aether-v/types';
import type { Clock } from '../common/clock.ts';
import type { FleetChange } from '../inventory/fleet-change.ts';
import type { FleetView } from '../inventory/fleet-view.ts';
import type { UsageInterest, UsageWatch } from '../inventory/usage-watch.ts';
import { vmSummaryJson } from '../inventory/vm-summary.ts';
import { sseEvent, sseEventOf, ssePing, sseRetry } from './sse.ts';

/** Dependencies of an event stream. */
export interface EventStreamOptions {
  /** The fleet as the reader sees it. */
  readonly view: FleetView;
  readonly clock: Clock;
  /** The reader's last version; if undefined, the stream starts with the present version. */
  readonly from: string | undefined;
}

/** The longest silence of a stream, in milliseconds, before a ping. */
export const pingInterval = 15_000;

/** The maximum number of rows per chunk. */
const rowsPerChunk = 32;

const reconnectDelay = 2000;

/**
 * The event stream of one reader. It keeps a position instead of a queue and looks up changes when the reader is ready
 * for more. A slow reader thus gets the latest rows, and memory stays bounded.
 */
export class EventStream {
  readonly id = randomUUID();
  readonly #options: EventStreamOptions;
  readonly #watch: UsageWatch;
  readonly #unsubscribe: () => void;
  /** Latest unsent samples, limited to the reader's interest. */
  readonly #vmSamples = new Map<string, VmUsage>();
  readonly #hostSamples = new Map<string, HostUsage>();
  #cursor: string;
  #hasNews = true;
  #ended = false;
  #wake: () => void = () => undefined;

  constructor(options: EventStreamOptions) {
    this.#options = options;
    this.#cursor = options.from ?? options.view.version;
    this.#unsubscribe = options.view.onChange(() => {
      this.#hasNews = true;
      this.#wake();
    });
    this.#watch = options.view.watchUsage(({ vms, hosts }) => {
      for (const [id, sample] of vms) this.#vmSamples.set(id, sample);
      for (const [id, sample] of hosts) this.#hostSamples.set(id, sample);
      this.#wake();
    });
  }

  /** Sets whose samples the reader receives from now on; the latest ones follow at once. */
  setInterest(interest: UsageInterest): void {
    for (const id of this.#vmSamples.keys()) if (!interest.vmIds.has(id)) this.#vmSamples.delete(id);
    for (const id of this.#hostSamples.keys()) if (!interest.hostIds.has(id)) this.#hostSamples.delete(id);
    this.#watch.setInterest(interest);
  }

  /** Ends the stream gracefully. */
  end(): void {
    this.#ended = true;
    this.#unsubscribe();
    this.#watch.end();
    this.#wake();
  }

  /** Yields the stream as text at the reader's pace, until `end()`. Can be iterated once. */
  async *chunks(): AsyncGenerator<string, undefined> {
    const { view, clock } = this.#options;
    const hello: HelloEvent = { streamId: this.id, version: view.version, now: timestamp(clock.now()) };
    // A resuming reader gets no id here: if it is cut off now, it must resume from its old position, not from the
    // present.
    yield sseRetry(reconnectDelay) + sseEvent('hello', hello, this.#isResuming ? undefined : this.#cursor);
    let sentAt = clock.now();
    while (!this.#ended) {
      let chunk = this.#takeChanges() + this.#takeUsage();
      if (chunk === '' && !this.#hasNews && (await this.#idle(sentAt + pingInterval))) chunk = ssePing;
      // Changes that the reader does not see leave the chunk empty, and must not defer the ping.
      if (chunk === '') continue;
      yield chunk;
      sentAt = clock.now();
    }
    return undefined;
  }

  get #isResuming(): boolean {
    return this.#options.from !== undefined;
  }

  #takeChanges(): string {
    if (!this.#hasNews) return '';
    const answer = this.#options.view.changesSince(this.#cursor, rowsPerChunk);
    this.#cursor = answer.version;
    if ('reset' in answer) {
      const reset: ResetEvent = { version: answer.version, reason: answer.reset };
      return sseEvent('reset', reset, answer.version);
    }
    this.#hasNews = answer.more;
    return answer.changes.map((change) => this.#event(change)).join('');
  }

  #event(change: FleetChange): string {
    const { kind, id } = change;
    const version = formatFleetVersion({ epoch: this.#options.view.epoch, seq: change.seq });
    if (change.type === 'deleted') return sseEvent('deleted', { kind, id } satisfies DeletedEvent, version);
    if (change.kind === 'vm') return sseEventOf('row', vmRowJson(change.row), version);
    return sseEvent('row', { kind, id, row: change.row }, version);
  }

  #takeUsage(): string {
    if (this.#vmSamples.size + this.#hostSamples.size === 0) return '';
    const usage: UsageEvent = { vms: [...this.#vmSamples.values()], hosts: [...this.#hostSamples.values()] };
    this.#vmSamples.clear();
    this.#hostSamples.clear();
    return sseEvent('usage', usage);
  }

  /** Waits until there may be something to send. @returns Whether a ping is due instead, as it is at `pingAt`. */
  #idle(pingAt: number): Promise<boolean> {
    const { clock } = this.#options;
    return new Promise((resolve) => {
      const cancel = clock.schedule(Math.max(0, pingAt - clock.now()), () => resolve(true));
      this.#wake = () => {
        cancel();
        resolve(false);
      };
    });
  }
}

function vmRowJson(vm: Readonly<Vm>): string {
  return `{"kind":"vm","id":${JSON.stringify(vm.id)},"row":${vmSummaryJson(vm)}}`;
}
