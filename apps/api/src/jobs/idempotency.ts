import { validationFailed } from '../problems/problem-error.ts';

/** Name of the header (draft-ietf-httpapi-idempotency-key-header). */
export const idempotencyHeader = 'Idempotency-Key';

/** How the header is documented. */
export const idempotencyDescription = {
  name: idempotencyHeader,
  required: false,
  description: 'Sent again with the same key, the request answers the job of the first time.',
  schema: { type: 'string', maxLength: 128 },
} as const;

/** Which job each idempotency key made, for as long as the job is remembered. */
export class IdempotencyKeys {
  readonly #jobs = new Map<string, { readonly jobId: string; readonly asked: string }>();
  readonly #keyOfJob = new Map<string, string>();

  /**
   * The job that this principal made with this key.
   *
   * @param asked What is asked for now. @throws ProblemError when the key was used for something else.
   */
  find(principalId: string, key: string, asked: string): string | undefined {
    const known = this.#jobs.get(scoped(principalId, key));
    if (known !== undefined && known.asked !== asked) {
      throw validationFailed([
        { field: idempotencyHeader, message: 'was already used for a different request' },
      ]);
    }
    return known?.jobId;
  }

  /** Remembers which job the key made. */
  keep(principalId: string, key: string, asked: string, jobId: string): void {
    const name = scoped(principalId, key);
    this.#jobs.set(name, { jobId, asked });
    this.#keyOfJob.set(jobId, name);
  }

  /** Forgets the key of a job that is forgotten. */
  forget(jobId: string): void {
    const name = this.#keyOfJob.get(jobId);
    if (name === undefined) return;
    this.#keyOfJob.delete(jobId);
    this.#jobs.delete(name);
  }
}

/** The key of a request's header. @throws ProblemError when it is not one. */
export function readIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^[\x21-\x7e]{1,128}$/.test(header)) return header;
  throw validationFailed([
    { field: idempotencyHeader, message: 'must be 1 to 128 printable ASCII characters without blanks' },
  ]);
}

function scoped(principalId: string, key: string): string {
  return JSON.stringify([principalId, key]);
}
