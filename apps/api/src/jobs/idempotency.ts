import { createHash } from 'node:crypto';
import { commandOperation, type CommandName } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import { validationFailed, type ProblemError } from '../problems/problem-error.ts';
import { withoutSecrets } from './without-secrets.ts';

/** Name of the header (draft-ietf-httpapi-idempotency-key-header). */
export const idempotencyHeader = 'Idempotency-Key';

/** How the header is documented. */
export const idempotencyDescription = {
  name: idempotencyHeader,
  required: false,
  description:
    'Sent again with the same key, the request answers the job of the first time, for 24 hours and also after a restart of the ' +
    'service. If a host that may have run it before the restart cannot be asked, the answer is 503. A UUIDv7 says when it was ' +
    'made: a new one is never waited for.',
  schema: { type: 'string', maxLength: 128 },
} as const;

/** What is asked for with a key. */
export interface KeyedOrder {
  readonly principalId: string;
  readonly key: string;
  readonly command: CommandName;
  /** The id of the VM, host or cluster. */
  readonly subjectId: string;
  /** The options of the request, without its subject. */
  readonly options: object;
}

/** A request that has an idempotency key, as service and hosts compare it. */
export interface KeyedRequest {
  readonly key: string;
  readonly command: CommandName;
  readonly subjectId: string;
  /** Names the key of this principal in the service. */
  readonly name: string;
  /** Names the key on hosts, which do not learn the key itself. Other VMs have other names: a host outlives what the service knows. */
  readonly hostKey: string;
  /** SHA-256 of what is asked for, without its secrets. */
  readonly fingerprint: string;
}

/** Returns the request as it is compared; undefined without a key. */
export function keyedRequest(
  order: Omit<KeyedOrder, 'key'> & { readonly key: string | undefined },
): KeyedRequest | undefined {
  const { principalId, key, command, subjectId, options } = order;
  if (key === undefined) return undefined;
  const { name: op, request } = commandOperation(command);
  return {
    key,
    command,
    subjectId,
    name: JSON.stringify([principalId, key]),
    hostKey: sha256([principalId, key, subjectId]),
    fingerprint: sha256([op, withoutSecrets(request, options)]),
  };
}

interface Used {
  readonly request: KeyedRequest;
  readonly jobId: string;
}

/** Which job each idempotency key made in this life of the service, as long as the job is remembered. */
@Injectable()
export class IdempotencyKeys {
  readonly #used = new Map<string, Used>();
  readonly #keyOfJob = new Map<string, string>();

  /** The job that was made with this key. @throws ProblemError if the key was used for another request. */
  find(request: KeyedRequest): string | undefined {
    const used = this.#used.get(request.name);
    if (used === undefined) return undefined;
    const { subjectId, fingerprint } = used.request;
    if (subjectId !== request.subjectId || fingerprint !== request.fingerprint) throw keyOfOther();
    return used.jobId;
  }

  /** Remembers which job the key made. */
  keep(request: KeyedRequest, jobId: string): void {
    this.#used.set(request.name, { request, jobId });
    this.#keyOfJob.set(jobId, request.name);
  }

  /** Forgets the key of a job that is forgotten. @returns What was asked for with it. */
  forget(jobId: string): KeyedRequest | undefined {
    const name = this.#keyOfJob.get(jobId);
    if (name === undefined) return undefined;
    const used = this.#used.get(name);
    this.#keyOfJob.delete(jobId);
    this.#used.delete(name);
    return used?.request;
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

/** The refusal of a key that was used before, for something else. */
export function keyOfOther(): ProblemError {
  return validationFailed([
    { field: idempotencyHeader, message: 'was already used for a different request' },
  ]);
}

/** How far the clocks of clients may be off, in milliseconds. */
const clientClockSkew = 5 * 60_000;

const uuid7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/**
 * Whether a key may have been used before the service started. A UUIDv7 (RFC 9562, 5.7) carries the time at which it was made; one
 * from the future tells of a clock that cannot be trusted.
 */
export function mayBeOlder(key: string, startedAt: number, now: number): boolean {
  const [, high, low] = uuid7.exec(key) ?? [];
  if (high === undefined || low === undefined) return true;
  const madeAt = Number.parseInt(high + low, 16);
  return madeAt <= startedAt + clientClockSkew || madeAt > now + clientClockSkew;
}

function sha256(parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
