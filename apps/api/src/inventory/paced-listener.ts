import { maxVmsPerHost, type HostUsage, type VmUsageFacts } from '@aether-v/types';
import type { Cancel, Clock } from '../common/clock.ts';
import type { HostEvent, InventoryFact } from './host-event.ts';

/** Who hears what a supervisor learns. */
export interface SupervisorListener {
  onEvent(event: HostEvent): void;
  onUsage(host: HostUsage | null, vms: readonly VmUsageFacts[]): void;
  /** What is known of the host is as of now. */
  onCurrent(): void;
}

/** How many facts of one host pass at once after a quiet time: a full read of the largest host. */
export const factBurst = maxVmsPerHost + 64;

/** How many facts of one host pass in a second beyond that. */
export const factsPerSecond = 128;

/** How long facts wait for their turn, in milliseconds. */
const turn = 250;

/**
 * Limits how often one host changes the fleet, since every reader gets each change. What a host tells passes at once until it has told
 * `factBurst` facts; beyond that facts wait, the latest of each VM only, and samples of usage are dropped.
 */
export class PacedListener implements SupervisorListener {
  readonly #listener: SupervisorListener;
  readonly #clock: Clock;
  /** The facts that wait, in their order; a later one of the same VM goes behind all others. */
  readonly #waiting = new Map<string, InventoryFact>();
  #allowance = factBurst;
  #countedAt: number;
  #cancelTurn: Cancel | undefined;

  constructor(listener: SupervisorListener, clock: Clock) {
    this.#listener = listener;
    this.#clock = clock;
    this.#countedAt = clock.now();
  }

  onEvent(event: HostEvent): void {
    // What an unreachable host told before is old.
    if (event.type === 'away') this.stop();
    if (event.type === 'fact') this.#fact(event.fact);
    else this.#listener.onEvent(event);
  }

  onUsage(host: HostUsage | null, vms: readonly VmUsageFacts[]): void {
    if (this.#take()) this.#listener.onUsage(host, vms);
  }

  onCurrent(): void {
    if (this.#waiting.size === 0) this.#listener.onCurrent();
  }

  /** Drops what waits. */
  stop(): void {
    this.#waiting.clear();
    this.#cancelTurn?.();
    this.#cancelTurn = undefined;
  }

  #fact(fact: InventoryFact): void {
    if (this.#waiting.size === 0 && this.#take()) {
      this.#listener.onEvent({ type: 'fact', fact });
      return;
    }
    const key = keyOf(fact);
    this.#waiting.delete(key);
    this.#waiting.set(key, fact);
    this.#cancelTurn ??= this.#clock.schedule(turn, () => this.#takeTurn());
  }

  #takeTurn(): void {
    this.#cancelTurn = undefined;
    for (const [key, fact] of this.#waiting) {
      if (!this.#take()) break;
      this.#waiting.delete(key);
      this.#listener.onEvent({ type: 'fact', fact });
    }
    if (this.#waiting.size > 0) this.#cancelTurn = this.#clock.schedule(turn, () => this.#takeTurn());
  }

  /** Whether one more may pass now. */
  #take(): boolean {
    const now = this.#clock.now();
    const earned = (Math.max(0, now - this.#countedAt) * factsPerSecond) / 1000;
    this.#allowance = Math.min(factBurst, this.#allowance + earned);
    this.#countedAt = now;
    if (this.#allowance < 1) return false;
    this.#allowance -= 1;
    return true;
  }
}

/** What a later fact replaces. */
function keyOf(fact: InventoryFact): string {
  if (fact.kind === 'vm') return fact.vm.vmId;
  return fact.kind === 'vm-removed' ? fact.vmId : fact.kind;
}
