import type { Item, Step } from '@aether-v/provisioning';
import { appendFileSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { poolFile } from './pool-file.ts';

/** The manner in which items reach the guest. */
export interface Delivery {
  /** The pause after each item, in milliseconds. */
  readonly pauseMs: number;
  /** Writes only a part of the file first, as a reader sees it in the middle of a write. */
  readonly isTorn: boolean;
  /** Writes records twice, and chunks in reverse. */
  readonly isDisordered: boolean;
}

/** Delivers all items at once and whole. */
export const orderly: Delivery = { pauseMs: 0, isTorn: false, isDisordered: false };

/** Delivers one item at a time, late, twice, in another order and torn. */
export const disorderly: Delivery = { pauseMs: 60, isTorn: true, isDisordered: true };

/** Kernel and daemon between the host's items and the file of the guest. */
export class HostPool {
  readonly #file: string;
  readonly #delivery: Delivery;
  readonly #items = new Map<string, string>();

  constructor(file: string, delivery: Delivery, items: readonly Item[]) {
    this.#file = file;
    this.#delivery = delivery;
    for (const { name, value } of items) this.#items.set(name, value);
    this.#write();
  }

  /** Takes the service's steps in their order, one item after the other. */
  async take(steps: readonly Step[]): Promise<void> {
    for (const step of steps) {
      if (step.kind === 'remove')
        for (const name of step.names) await this.#change(() => this.#items.delete(name));
      if (step.kind !== 'add') continue;
      const items = this.#delivery.isDisordered ? [...step.items].reverse() : step.items;
      for (const { name, value } of items) await this.#change(() => this.#items.set(name, value));
    }
  }

  async #change(change: () => unknown): Promise<void> {
    change();
    if (this.#delivery.isTorn) {
      const whole = this.#content();
      writeFileSync(this.#file, whole.subarray(0, Math.floor(whole.length / 2) + 700));
      await wait(this.#delivery.pauseMs / 2);
    }
    this.#write();
    if (this.#delivery.pauseMs > 0) await wait(this.#delivery.pauseMs);
  }

  #write(): void {
    // The daemon truncates the file and writes it again.
    writeFileSync(this.#file, '');
    appendFileSync(this.#file, this.#content());
  }

  #content(): Buffer {
    const items = [...this.#items].map(([name, value]) => ({ name, value }));
    return poolFile(this.#delivery.isDisordered ? [...items, ...items.slice(0, 2)] : items);
  }
}
