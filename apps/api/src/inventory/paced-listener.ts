import { maxVmsPerHost, type HostUsage, type VmUsageFacts } from '@aether-v/types';
import type { Cancel, Clock } from '../common/clock.ts';
import type { HostEvent, InventoryFact } from './host-event.ts';

/** Receives what a supervisor reads. */
export interface SupervisorListener {
  onEvent(event: HostEvent): void;
  onUsage(host: HostUsage | null, vms: readonly VmUsageFacts[]): void;
  /** Called when the host's state is known to be current. */
  onCurrent(): void;
}

/** The number of facts of one host that pass at once after a quiet period: a full read of the largest host. */
export const factBurst = maxVmsPerHost + 64;

/** The number of facts of one host that pass per second after the burst. */
export const factsPerSecond = 128;

/** The batching interval of delayed facts, in milliseconds. */
const turn = 250;

/**
 * Limits the rate at which one host changes the fleet, since every reader receives each change. Facts pass at once up
 * to `factBurst`; beyond that they are queued, only the latest of each VM, and usage samples are dropped.
 */
export class PacedListener implements SupervisorListener {
  readonly #listener: SupervisorListener;
  readonly #clock: Clock;
  /** The queued facts in order; a newer one of the same VM moves to the end. */
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
    // Queued facts of an unreachable host are outdated.
    if (event.type === 'unreachable') this.stop();
    if (event.type === 'fact') this.#fact(event.fact);
    else this.#listener.onEvent(event);
  }

  onUsage(host: HostUsage | null, vms: readonly VmUsageFacts[]): void {
    if (this.#take()) this.#listener.onUsage(host, vms);
  }

  onCurrent(): void {
    if (this.#waiting.size === 0) this.#listener.onCurrent();
  }

  /** Drops queued facts. */
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

  /** Takes a token of the rate limit, if available. */
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

/** Returns the key under which a later fact replaces an earlier one. */
function keyOf(fact: InventoryFact): string {
  if (fact.kind === 'vm') return fact.vm.vmId;
  return fact.kind === 'vm-removed' ? fact.vmId : fact.kind;
}
