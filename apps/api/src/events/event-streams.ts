import { Inject, Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import type { Authentication } from '../auth/authentication.ts';
import { CredentialEnds } from '../auth/credential-ends.ts';
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
  readonly owner: string;
  /** Cancels what would end the stream before its reader disconnects. */
  readonly release: () => void;
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
    private readonly ends: CredentialEnds,
  ) {}

  /** The number of open streams. */
  get size(): number {
    return this.#open.size;
  }

  /**
   * Opens a stream that resumes from a version, or starts with the current one. It ends with the credential of its
   * reader: a browser then connects again, with new credentials or the new rights of the old ones.
   */
  open(from: string | undefined, authentication: Authentication): EventStream {
    if (this.#closing) throw new ProblemError('shutting-down', 'The service is shutting down.');
    // The credential may have ended while the request was in progress: its end is announced only once.
    if (authentication.hasEnded?.() === true) {
      throw new ProblemError('unauthenticated', 'The credentials of the request have ended.');
    }
    if (this.#open.size >= maxStreams)
      throw tooMany(`The limit of ${maxStreams} event streams is reached. Try again later.`);
    const { maxStreamsPerClient } = this.config;
    const owner = ownerOf(authentication);
    if (this.#of(owner) >= maxStreamsPerClient) {
      throw tooMany(`You already have ${maxStreamsPerClient} event streams open. Close one of them first.`);
    }
    const { principal, credentialId, expiresAt } = authentication;
    const stream = new EventStream({ view: this.fleet.of(principal), clock: this.clock, from });
    const close = (): void => this.close(stream);
    const stopListening = this.ends.onEnd(credentialId, close);
    const cancelExpiry =
      expiresAt === null ? undefined : this.clock.schedule(Math.max(0, expiresAt - this.clock.now()), close);
    this.#open.set(stream.id, {
      stream,
      owner,
      release: () => {
        stopListening();
        cancelExpiry?.();
      },
    });
    return stream;
  }

  /** Returns the reader's open stream with this id. */
  get(id: string, reader: Authentication): EventStream {
    const open = this.#open.get(id);
    const stream = open?.owner === ownerOf(reader) ? open.stream : undefined;
    if (stream === undefined) throw new ProblemError('not-found', 'This stream is not open.');
    return stream;
  }

  /** Ends a stream, also one that has ended. */
  close(stream: EventStream): void {
    this.#open.get(stream.id)?.release();
    this.#open.delete(stream.id);
    stream.end();
  }

  /** Ends every stream, so that the server's shutdown does not wait for them. */
  beforeApplicationShutdown(): void {
    this.#closing = true;
    for (const { stream } of this.#open.values()) this.close(stream);
  }

  #of(owner: string): number {
    return [...this.#open.values()].filter((open) => open.owner === owner).length;
  }
}

/**
 * Returns the id by which streams are counted: the session, the address of a local caller, or the principal for keys and
 * tokens, which are renewed.
 */
function ownerOf({ method, credentialId, principal }: Authentication): string {
  return method === 'session' || method === 'local' ? credentialId : principal.id;
}

function tooMany(detail: string): ProblemError {
  return new ProblemError('too-many-requests', detail, { retryAfterSeconds });
}
