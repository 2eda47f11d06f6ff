import { timestamp } from '@aether-v/types';
import type { Cancel, Clock } from '../common/clock.ts';
import { clientOfAddress } from '../common/client-address.ts';
import { ownEntry } from './chain.ts';
import type { AuditLog } from './audit-log.ts';

const minute = 60_000;
/** The maximum number of addresses per minute that have their own record; all others share one. */
const maxAddresses = 1000;

/**
 * Counts refused requests without valid credentials, and records one entry per address and minute. With one record per
 * request, anyone could fill the audit files.
 */
export class RefusedStrangers {
  readonly #audit: AuditLog;
  readonly #clock: Clock;
  #counts = new Map<string, number>();
  #others = 0;
  #since = 0;
  #cancel: Cancel | undefined;

  constructor(audit: AuditLog, clock: Clock) {
    this.#audit = audit;
    this.#clock = clock;
  }

  /** Counts a refused request of an address. */
  count(address: string): void {
    if (this.#cancel === undefined) {
      this.#since = this.#clock.now();
      this.#cancel = this.#clock.schedule(minute, () => this.flush());
    }
    const client = clientOfAddress(address);
    const known = this.#counts.get(client);
    if (known === undefined && this.#counts.size >= maxAddresses) this.#others += 1;
    else this.#counts.set(client, (known ?? 0) + 1);
  }

  /** Records what was counted. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    for (const [client, count] of this.#counts) this.#record(client, count);
    if (this.#others > 0) this.#record(null, this.#others);
    this.#counts = new Map();
    this.#others = 0;
  }

  #record(clientIp: string | null, count: number): void {
    const requests = count === 1 ? '1 request' : `${count} requests`;
    const from = clientIp === null ? ' of further addresses' : '';
    this.#audit.record({
      ...ownEntry,
      actor: { id: null, name: 'anonymous' },
      action: 'request.refused',
      status: 'refused',
      details: `${requests}${from} since ${timestamp(this.#since)}`,
      clientIp,
    });
  }
}
