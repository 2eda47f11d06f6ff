import { backoffDelay } from '@aether-v/types';
import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { readStreamMessage, type StreamMessage } from './stream-messages.ts';

/** The state of the connection to the service. `since` is in milliseconds since 1970. */
export type StreamStatus =
  | { readonly state: 'connecting' | 'live'; readonly since: number }
  | { readonly state: 'unreachable'; readonly since: number }
  /** The service refuses the stream until someone signs in. */
  | { readonly state: 'signed-out'; readonly since: number };

export interface StreamPorts {
  readonly open: (from: string | null, signal: AbortSignal) => Promise<Response>;
  /** Resolves after a number of milliseconds, or when the signal is aborted. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Resolves when someone who may follow the fleet is signed in, or when the signal is aborted. */
  readonly signedIn: (signal: AbortSignal) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly random: () => number;
}

export interface StreamOptions {
  readonly ports: StreamPorts;
  /** Returns the version to resume from; called at every attempt. */
  readonly cursor: () => string | null;
  /** Called with all messages of one chunk, so that a burst is applied at once. */
  readonly onMessages: (messages: readonly StreamMessage[]) => void;
  readonly onStatus: (status: StreamStatus) => void;
}

/** The service sends a comment every 15 s; a stream that is silent for more than two intervals is dead. */
const silenceMs = 40_000;

/** Backoff between connection attempts, in milliseconds. */
export const retryWaits = { first: 500, longest: 15_000 };

/** Keeps one event stream open until the signal is aborted: resumes, backs off, and reports its state. */
export async function runStream(options: StreamOptions, signal: AbortSignal): Promise<void> {
  const { ports, onStatus } = options;
  let unreachableSince = null as number | null;
  let attempt = 0;
  onStatus({ state: 'connecting', since: ports.now() });
  const isOver = (): boolean => signal.aborted;
  while (!isOver()) {
    let said = false as boolean;
    const end = await readOnce(options, signal, () => {
      said = true;
      unreachableSince = null;
      attempt = 0;
      onStatus({ state: 'live', since: ports.now() });
    });
    if (isOver()) return;
    if (end === 'refused') {
      onStatus({ state: 'signed-out', since: ports.now() });
      await ports.signedIn(signal);
      attempt += 1;
      // The first attempt after a sign-in is immediate; a service that still refuses must not be asked in a loop.
      if (attempt > 1)
        await ports.wait(backoffDelay(attempt, { ...retryWaits, random: ports.random }), signal);
      continue;
    }
    if (said || unreachableSince === null) unreachableSince = ports.now();
    onStatus({ state: 'unreachable', since: unreachableSince });
    attempt += 1;
    await ports.wait(backoffDelay(attempt, { ...retryWaits, random: ports.random }), signal);
  }
}

/** Reads one connection until it ends, or is refused because of its credentials. */
async function readOnce(
  options: StreamOptions,
  signal: AbortSignal,
  onLive: () => void,
): Promise<'lost' | 'refused'> {
  const connection = new AbortController();
  const both = AbortSignal.any([signal, connection.signal]);
  let silence: ReturnType<typeof setTimeout> | undefined;
  const alive = (): void => {
    clearTimeout(silence);
    silence = setTimeout(() => connection.abort(), silenceMs);
  };
  try {
    alive();
    const askedAt = options.ports.now();
    const response = await options.ports.open(options.cursor(), both);
    if (response.status === 401 || response.status === 403) return 'refused';
    if (!response.ok || !response.body) return 'lost';
    // Not EventSource: it hides comments, which show that a quiet connection is alive, and the status of a refusal.
    const received: EventSourceMessage[] = [];
    const parser = createParser({ onEvent: (event) => received.push(event) });
    const decoder = new TextDecoder();
    const reader = response.body.getReader();
    let live = false;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return 'lost';
      alive();
      parser.feed(decoder.decode(value, { stream: true }));
      const messages = received.splice(0).flatMap((event) => {
        const message = readStreamMessage(event);
        return message ? [arrived(message, options.ports.now() - askedAt)] : [];
      });
      if (messages.length > 0) options.onMessages(messages);
      if (!live && messages.some((message) => message.type === 'hello')) {
        live = true;
        onLive();
      }
    }
  } catch {
    // All lost connections are treated alike: the service is unreachable, and the loop retries.
    return 'lost';
  } finally {
    clearTimeout(silence);
    connection.abort();
  }
}

/** Adjusts the message to its arrival: the service reported its time about half a round trip earlier. */
function arrived(message: StreamMessage, roundTripMs: number): StreamMessage {
  return message.type === 'hello' ? { ...message, now: message.now + roundTripMs / 2 } : message;
}
