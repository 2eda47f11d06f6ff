/** A message between the tabs of a browser about which of them leads. */
export type ElectionMessage = {
  /**
   * `claim`: wants to lead, unless another tab objects. `lead`: leads. `ask`: asks the leader to report. `resign`: led
   * and is being closed.
   */
  readonly type: 'claim' | 'lead' | 'ask' | 'resign';
  readonly tab: string;
};

export interface ElectionPorts {
  /** Identifies this tab; the lowest id wins a conflict. */
  readonly tab: string;
  readonly send: (message: ElectionMessage) => void;
  /** Calls back once after a number of milliseconds; returns a function that prevents it. */
  readonly after: (ms: number, run: () => void) => () => void;
}

type Role = 'out' | 'candidate' | 'follower' | 'leader';

/** The time in milliseconds that other tabs have to object to a claim. */
const claimMs = 200;
/** Followers ask the leader this often; tabs in the background may ask less often. */
const askMs = 3_000;
/** A leader that does not report within this time is frozen, or was closed without a message. */
const reportMs = 1_000;

/**
 * Elects one tab of a browser as leader by messages alone, for pages without Web Locks, which browsers reserve for HTTPS
 * and localhost. For a moment two tabs may lead; the one with the higher id then steps down.
 */
export class TabElection {
  readonly #ports: ElectionPorts;
  readonly #lead: (signal: AbortSignal) => void;
  #role: Role = 'out';
  #leading = new AbortController();
  #cancelTimer: () => void = () => undefined;

  /** Calls `lead` whenever this tab becomes the leader, with a signal that ends its lead. */
  constructor(ports: ElectionPorts, lead: (signal: AbortSignal) => void) {
    this.#ports = ports;
    this.#lead = lead;
  }

  /** Takes part: leads, or follows the tab that does. */
  stand(): void {
    if (this.#role !== 'out') return;
    this.#claim();
  }

  /** Leaves; a leader ends its lead and lets another tab take over at once. */
  leave(): void {
    const wasLeader = this.#role === 'leader';
    this.#become('out');
    if (wasLeader) this.#send('resign');
  }

  hear({ type, tab }: ElectionMessage): void {
    if (this.#role === 'out' || tab === this.#ports.tab) return;
    const isOlder = tab < this.#ports.tab;
    if (type === 'lead') this.#hearLead(isOlder);
    else if (type === 'resign') {
      if (this.#role === 'follower') this.#claim();
    } else if (this.#role === 'leader') this.#send('lead');
    else if (type === 'claim' && this.#role === 'candidate') {
      if (isOlder) this.#follow();
      else this.#send('claim');
    }
  }

  #hearLead(isOlder: boolean): void {
    if (this.#role === 'leader' && !isOlder) this.#send('lead');
    else this.#follow();
  }

  #claim(): void {
    this.#become('candidate', claimMs, () => {
      this.#become('leader');
      this.#send('lead');
      this.#lead(this.#leading.signal);
    });
    this.#send('claim');
  }

  #follow(): void {
    this.#become('follower', askMs, () => {
      this.#cancelTimer = this.#ports.after(reportMs, () => this.#claim());
      this.#send('ask');
    });
  }

  #become(role: Role, ms?: number, then?: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = ms !== undefined && then ? this.#ports.after(ms, then) : () => undefined;
    if (this.#role === 'leader' && role !== 'leader') {
      this.#leading.abort();
      this.#leading = new AbortController();
    }
    this.#role = role;
  }

  #send(type: ElectionMessage['type']): void {
    this.#ports.send({ type, tab: this.#ports.tab });
  }
}
