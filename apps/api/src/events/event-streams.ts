import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { configToken, type Config } from '../config/settings.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import { UsageStore } from '../inventory/usage-store.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { EventStream } from './event-stream.ts';

/** How many streams may be open at once over all clients; a browser needs one. */
export const maxStreams = 500;

/** When a client that was refused a stream may ask again, in seconds. */
const retryAfterSeconds = 5;

interface OpenStream {
  readonly stream: EventStream;
  readonly client: string;
}

/** The streams that are open. */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  readonly #open = new Map<string, OpenStream>();
  #closing = false;

  constructor(
    private readonly store: FleetStore,
    private readonly usage: UsageStore,
    @Inject(configToken) private readonly config: Pick<Config, 'maxStreamsPerClient'>,
    @Inject(clockToken) private readonly clock: Clock,
  ) {}

  /** How many streams are open. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * Opens a stream that goes on from a version, or begins now.
   *
   * @param client Whose stream it is: today the client's address, a session or principal where there is one.
   */
  open(from: string | undefined, client: string): EventStream {
    if (this.#closing) throw new ProblemError('shutting-down', 'The service is shutting down.');
    if (this.#open.size >= maxStreams) throw tooMany(`There are ${maxStreams} event streams already.`);
    const { maxStreamsPerClient } = this.config;
    if (this.#of(client) >= maxStreamsPerClient) {
      throw tooMany(`You have ${maxStreamsPerClient} event streams open already; close one of them first.`);
    }
    const stream = new EventStream({ store: this.store, usage: this.usage, clock: this.clock, from });
    this.#open.set(stream.id, { stream, client });
    return stream;
  }

  /** The open stream of this id. Ids are random, so that only its reader knows it. */
  get(id: string): EventStream {
    const stream = this.#open.get(id)?.stream;
    if (stream === undefined) throw new ProblemError('not-found', 'This stream is not open.');
    return stream;
  }

  /** Ends a stream: its reader is gone. */
  close(stream: EventStream): void {
    this.#open.delete(stream.id);
    stream.end();
  }

  /** Ends every stream, so that the server does not wait for them. */
  beforeApplicationShutdown(): void {
    this.#closing = true;
    for (const { stream } of this.#open.values()) this.close(stream);
  }

  #of(client: string): number {
    return [...this.#open.values()].filter((open) => open.client === client).length;
  }
}

function tooMany(detail: string): ProblemError {
  return new ProblemError('too-many-requests', detail, { retryAfterSeconds });
}
