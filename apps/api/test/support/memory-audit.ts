import { AuditLog, type AuditEntry } from '../../src/audit/audit-log.ts';

/** Keeps what was recorded. */
export class MemoryAudit extends AuditLog {
  readonly entries: AuditEntry[] = [];
  readonly #held = new Map<string, Promise<unknown>>();

  override start(): void {
    // Only requests and jobs are kept.
  }

  override async attempt(entry: AuditEntry): Promise<void> {
    this.record(entry);
    await this.#held.get(entry.action);
  }

  /**
   * Delays requests with this action after the records of their attempts.
   *
   * @returns Functions that end the delay: for later requests, and for all.
   */
  hold(action: string): { readonly forLater: () => void; readonly forAll: () => void } {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#held.set(action, promise);
    return { forLater: () => void this.#held.delete(action), forAll: () => resolve(undefined) };
  }

  override record(entry: AuditEntry): void {
    this.entries.push(entry);
  }

  override head(): never {
    throw new Error('There is no chain.');
  }
}
