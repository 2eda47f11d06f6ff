import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Principal } from '../auth/principal.ts';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { configToken, type Config } from '../config/settings.ts';
import { FleetViews } from '../inventory/fleet-views.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { EventStream } from './event-stream.ts';

/** The maximum number of open streams of all clients; a browser needs one. */
export const maxStreams = 500;

/** Retry-After of a refused stream, in seconds. */
const retryAfterSeconds = 5;

interface OpenStream {
  readonly stream: EventStream;
  readonly client: string;
}

/** The registry of open event streams. */
@Injectable()
export class EventStreams implements BeforeApplicationShutdown {
  readonly #open = new Map<string, OpenStream>();
  #closing = false;

  constructor(
    private readonly fleet: FleetViews,
    @Inject(configToken) private readonly config: Pick<Config, 'maxStreamsPerClient'>,
    @Inject(clockToken) private readonly clock: Clock,
  ) {}

  /** The number of open streams. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * Opens a stream that resumes from a version, or starts with the present one.
   *
   * @param client The owner of the stream: currently the client's address, in future a session or principal.
   */
  open(from: string | undefined, client: string, principal: Principal): EventStream {
    if (this.#closing) throw new ProblemError('shutting-down', 'The service is shutting down.');
    if (this.#open.size >= maxStreams)
      throw tooMany(`The limit of ${maxStreams} event streams is reached. Try again later.`);
    const { maxStreamsPerClient } = this.config;
    if (this.#of(client) >= maxStreamsPerClient) {
      throw tooMany(`You already have ${maxStreamsPerClient} event streams open. Close one of them first.`);
    }
    const stream = new EventStream({ view: this.fleet.of(principal), clock: this.clock, from });
    this.#open.set(stream.id, { stream, client });
    return stream;
  }

  /** Returns the open stream with this id. Ids are random, so only the stream's reader knows its id. */
  get(id: string): EventStream {
    const stream = this.#open.get(id)?.stream;
    if (stream === undefined) throw new ProblemError('not-found', 'This stream is not open.');
    return stream;
  }

  /** Ends a stream whose reader has disconnected. */
  close(stream: EventStream): void {
    this.#open.delete(stream.id);
    stream.end();
  }

  /** Ends every stream, so that the server's shutdown does not wait for them. */
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
