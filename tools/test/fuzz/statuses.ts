import type { Call } from './calls.ts';
import type { Operation } from './document.ts';
import type { Answer } from './judge.ts';

/** The statuses that refuse a request because of its form. */
const refusalsOfForm: ReadonlySet<number> = new Set([400, 413, 415, 422]);

/** Operations that the fuzz cannot complete, with the reason. */
const outOfReach: Readonly<Record<string, string>> = {
  signInWithPassword: 'The service of the fuzz has no accounts.',
  endMySession: 'The caller is the local administrator, who has no sessions.',
};

/** Counts the statuses of the responses by operation, and states what a run has not reached. */
export class Statuses {
  readonly #counts = new Map<string, Map<number, number>>();
  readonly #completed = new Set<string>();
  readonly #refused = new Set<string>();

  /** Counts the response to a call. Calls with another method are counted together. */
  add({ operation, method, url, flaw }: Call, { status }: Answer): void {
    const isDeclared = method === operation.method;
    this.#count(isDeclared ? operation.id : 'other methods', status);
    if (!isDeclared) return;
    // A plan completes nothing.
    if (status >= 200 && status < 300 && !url.includes('dryRun=true')) this.#completed.add(operation.id);
    if (flaw !== undefined && refusalsOfForm.has(status)) this.#refused.add(operation.id);
  }

  /** Returns what the calls of an operation should have led to, but did not. */
  lacking({ id, method }: Operation): string[] {
    if (!this.#counts.has(id)) return ['a call'];
    if (method === 'GET') return [];
    const isExcused = id in outOfReach;
    return [
      ...(this.#completed.has(id) || isExcused ? [] : ['a success']),
      ...(this.#completed.has(id) && isExcused ? ['a reason to be out of reach'] : []),
      ...(this.#refused.has(id) ? [] : ['a refusal of an invalid request']),
    ];
  }

  /** Returns the table: a row per operation with its statuses, and how often each was seen. */
  table(): string {
    const width = Math.max(...[...this.#counts.keys()].map(({ length }) => length));
    const rows = [...this.#counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
    return rows
      .map(([id, counts]) => {
        const cells = [...counts].toSorted(([a], [b]) => a - b);
        return `${id.padEnd(width)}  ${cells.map(([status, count]) => `${status}×${count}`).join('  ')}`;
      })
      .join('\n');
  }

  #count(id: string, status: number): void {
    const counts = this.#counts.get(id) ?? new Map<number, number>();
    this.#counts.set(id, counts.set(status, (counts.get(status) ?? 0) + 1));
  }
}
