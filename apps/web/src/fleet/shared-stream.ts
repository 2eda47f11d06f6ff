import { noInterest, sameInterest, uniteInterest, type Interest } from './interest.ts';
import { leadTabs } from './lead-tabs.ts';
import { runStream, type StreamPorts, type StreamStatus } from './stream.ts';
import type { StreamMessage } from './stream-messages.ts';

// HTTP/1.1 gives a browser six connections per origin, and a stream occupies one permanently. Therefore one tab, the
// leader, reads the stream and forwards everything to the others. A new tab listens first and reads
// afterwards: its reads are at least as new as the leader's last event, so nothing is missed.

type TabMessage =
  | { readonly type: 'messages'; readonly messages: readonly StreamMessage[] }
  | { readonly type: 'status'; readonly status: StreamStatus; readonly now: number }
  | { readonly type: 'ask' }
  | { readonly type: 'resume'; readonly from: string | null }
  | { readonly type: 'interest'; readonly tab: string; readonly interest: Interest }
  | { readonly type: 'leave'; readonly tab: string };

export interface SharedStreamOptions {
  readonly ports: StreamPorts;
  readonly sendInterest: (streamId: string, interest: Interest) => Promise<void>;
  readonly cursor: () => string | null;
  readonly onMessages: (messages: readonly StreamMessage[]) => void;
  readonly onStatus: (status: StreamStatus) => void;
  /** Called with the service's current time, from the tab that reads the stream. */
  readonly onTime: (now: number) => void;
  /** Another tab resumes from this version: a tab that is further behind will miss the changes in between. */
  readonly onResume: (from: string | null) => void;
}

const name = 'aether-v.events';
const interestDelayMs = 250;

/** The browser's shared stream, from the perspective of this tab. */
export class SharedStream {
  readonly #options: SharedStreamOptions;
  readonly #channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(name) : null;
  readonly #tab = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  readonly #tabs = new Map<string, Interest>();
  readonly #stopped = new AbortController();
  #leading = false;
  #streamId: string | null = null;
  #status: StreamStatus;
  #mine: Interest = noInterest;
  #sent: Interest = noInterest;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SharedStreamOptions) {
    this.#options = options;
    this.#status = { state: 'connecting', since: options.ports.now() };
  }

  /** Starts listening to other tabs; call it before any read. */
  listen(): void {
    this.#channel?.addEventListener('message', (event: MessageEvent<TabMessage>) => this.#hear(event.data));
    globalThis.addEventListener('pagehide', () => this.#tell({ type: 'leave', tab: this.#tab }));
    globalThis.addEventListener('pageshow', ({ persisted }) => {
      if (persisted) this.#tell({ type: 'interest', tab: this.#tab, interest: this.#mine });
    });
    this.#tell({ type: 'ask' });
  }

  /** Takes over the stream, now or when the tab that reads it is closed. */
  lead(): void {
    const run = async (signal: AbortSignal): Promise<void> => {
      this.#leading = true;
      this.#tell({ type: 'ask' });
      await runStream(
        {
          ports: this.#options.ports,
          cursor: () => this.#resume(),
          onMessages: (messages) => this.#fromServer(messages),
          onStatus: (status) => this.#setStatus(status),
        },
        signal,
      );
      if (this.#stopped.signal.aborted) return;
      // Another tab leads: it is told what this one shows, and asked for the state of its stream.
      this.#leading = false;
      this.#streamId = null;
      this.#tell({ type: 'interest', tab: this.#tab, interest: this.#mine });
      this.#tell({ type: 'ask' });
    };
    leadTabs(name, this.#tab, run, this.#stopped.signal);
  }

  stop(): void {
    this.#stopped.abort();
    clearTimeout(this.#timer);
    this.#channel?.close();
  }

  /** Sets the objects that this tab shows. */
  show(interest: Interest): void {
    if (sameInterest(interest, this.#mine)) return;
    this.#mine = interest;
    if (this.#leading) this.#planInterest();
    else this.#tell({ type: 'interest', tab: this.#tab, interest });
  }

  #resume(): string | null {
    const from = this.#options.cursor();
    this.#tell({ type: 'resume', from });
    return from;
  }

  #fromServer(messages: readonly StreamMessage[]): void {
    for (const message of messages) {
      if (message.type !== 'hello') continue;
      this.#streamId = message.streamId;
      this.#sent = noInterest;
      this.#planInterest();
    }
    this.#tell({ type: 'messages', messages });
    this.#options.onMessages(messages);
  }

  #setStatus(status: StreamStatus): void {
    this.#status = status;
    if (this.#leading) this.#tellStatus();
    if (status.state !== 'live') this.#streamId = null;
    this.#options.onStatus(status);
  }

  #hear(message: TabMessage): void {
    if (message.type === 'ask') {
      if (this.#leading) this.#tellStatus();
      else this.#tell({ type: 'interest', tab: this.#tab, interest: this.#mine });
    } else if (message.type === 'interest') {
      this.#tabs.set(message.tab, message.interest);
      this.#planInterest();
    } else if (message.type === 'leave') {
      this.#tabs.delete(message.tab);
      this.#planInterest();
    } else if (this.#leading) return;
    else if (message.type === 'resume') this.#options.onResume(message.from);
    else if (message.type === 'status') {
      this.#options.onTime(message.now);
      this.#setStatus(message.status);
    } else this.#options.onMessages(message.messages);
  }

  #planInterest(): void {
    if (!this.#leading) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#flushInterest(), interestDelayMs);
  }

  #flushInterest(): void {
    const interest = uniteInterest([this.#mine, ...this.#tabs.values()]);
    if (this.#streamId === null || sameInterest(interest, this.#sent)) return;
    this.#sent = interest;
    // After a lost stream the next hello sends the interest again; a failure here needs no other handling.
    this.#options.sendInterest(this.#streamId, interest).catch(() => undefined);
  }

  #tellStatus(): void {
    this.#tell({ type: 'status', status: this.#status, now: this.#options.ports.now() });
  }

  #tell(message: TabMessage): void {
    this.#channel?.postMessage(message);
  }
}
