import { createHash } from 'node:crypto';
import { commandOperation, type CommandName } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import { childOperationId } from '../common/operation-id.ts';
import { validationFailed, type ProblemError } from '../problems/problem-error.ts';
import { withoutSecrets } from './without-secrets.ts';

/** The header's name (draft-ietf-httpapi-idempotency-key-header). */
export const idempotencyHeader = 'Idempotency-Key';

/** The header's description in the OpenAPI document. */
export const idempotencyDescription = {
  name: idempotencyHeader,
  required: false,
  description:
    'A request repeated with the same key within 24 hours returns the job of the first request, also after a restart of the ' +
    'service. If a host that may have run the request before the restart cannot be queried, the response is 503. A UUIDv7 ' +
    'contains its creation time, so a request with a new one never has to wait.',
  schema: { type: 'string', maxLength: 128 },
} as const;

/** A request with a key. */
export interface KeyedOrder {
  readonly principalId: string;
  readonly key: string;
  readonly command: CommandName;
  /** The id of the VM, host or cluster. */
  readonly subjectId: string;
  /** The options of the request, without its subject. */
  readonly options: object;
  /** The hosts that may run it, if its subject does not determine them. */
  readonly hostIds?: readonly string[];
}

/** The properties of a request by which service and hosts compare idempotency keys. */
export interface KeyedRequest {
  readonly key: string;
  readonly command: CommandName;
  readonly subjectId: string;
  /** The key's name in the service, specific to the principal. */
  readonly name: string;
  /**
   * The key's name on hosts, which never receive the key itself. It depends on the VM, because a host's journal outlives
   * the service's memory.
   */
  readonly hostKey: string;
  /** SHA-256 of the request, without its secrets. */
  readonly fingerprint: string;
  /** The hosts that may have run it, if its subject does not determine them. */
  readonly hostIds?: readonly string[];
}

/** Returns the properties to compare; undefined without a key. */
export function keyedRequest(
  order: Omit<KeyedOrder, 'key'> & { readonly key: string | undefined },
): KeyedRequest | undefined {
  const { principalId, key, command, subjectId, options, hostIds } = order;
  if (key === undefined) return undefined;
  const { name: op, request } = commandOperation(command);
  return {
    key,
    command,
    subjectId,
    name: JSON.stringify([principalId, key]),
    hostKey: sha256([principalId, key, subjectId]),
    fingerprint: sha256([op, withoutSecrets(request, options)]),
    ...(hostIds === undefined ? {} : { hostIds }),
  };
}

/** A request for several VMs with a key. */
export interface KeyedFamily {
  /** The request as a whole; it has no subject, so no host can compare it. */
  readonly all: KeyedRequest;
  /** The requests for each VM. */
  readonly each: readonly KeyedRequest[];
}

/**
 * Returns the properties to compare of a request for several VMs; undefined without a key.
 *
 * @param each The requests for each VM.
 */
export function keyedFamily(each: readonly KeyedRequest[]): KeyedFamily | undefined {
  const [first] = each;
  if (first === undefined) return undefined;
  const fingerprint = sha256(each.map((one) => [one.subjectId, one.fingerprint]));
  return familyOf({ ...first, fingerprint }, each);
}

/** Returns a request for several VMs as a whole, with the requests for each VM. */
export function familyOf(
  { key, command, name, fingerprint }: KeyedRequest,
  each: readonly KeyedRequest[],
): KeyedFamily {
  return {
    all: { key, command, name, subjectId: '', hostKey: '', fingerprint },
    each: each.map((one) => ({ ...one, name: JSON.stringify([name, one.subjectId]) })),
  };
}

interface Used {
  readonly request: KeyedRequest;
  readonly jobId: string;
}

/** The job created by each idempotency key since the start of the service, as long as the job is kept. */
@Injectable()
export class IdempotencyKeys {
  readonly #used = new Map<string, Used>();
  readonly #keyOfJob = new Map<string, string>();

  /** The number of keys. */
  get size(): number {
    return this.#used.size;
  }

  /** Returns the job created with this key. @throws ProblemError if the key was used for another request. */
  find(request: KeyedRequest): string | undefined {
    const used = this.#used.get(request.name);
    if (used === undefined) return undefined;
    const { subjectId, fingerprint } = used.request;
    if (subjectId !== request.subjectId || fingerprint !== request.fingerprint) throw keyOfOther();
    return used.jobId;
  }

  /** Records the job that a key created. */
  keep(request: KeyedRequest, jobId: string): void {
    this.#used.set(request.name, { request, jobId });
    this.#keyOfJob.set(jobId, request.name);
  }

  /** Records the job that a key created, and its children. */
  keepFamily({ all, each }: KeyedFamily, parentId: string): void {
    this.keep(all, parentId);
    for (const [index, request] of each.entries()) this.keep(request, childOperationId(parentId, index + 1));
  }

  /** Removes the key of a removed job. @returns Its request. */
  forget(jobId: string): KeyedRequest | undefined {
    const name = this.#keyOfJob.get(jobId);
    if (name === undefined) return undefined;
    const used = this.#used.get(name);
    this.#keyOfJob.delete(jobId);
    this.#used.delete(name);
    return used?.request;
  }
}

/** Reads the key from a request's header. @throws ProblemError if it is invalid. */
export function readIdempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && /^[\x21-\x7e]{1,128}$/.test(header)) return header;
  throw validationFailed([
    { field: idempotencyHeader, message: 'must be 1 to 128 printable ASCII characters without spaces' },
  ]);
}

/** Returns the refusal of a key that was used for a different request. */
export function keyOfOther(): ProblemError {
  return validationFailed([
    { field: idempotencyHeader, message: 'was already used for a different request' },
  ]);
}

/** The tolerated clock skew of clients, in milliseconds. */
const clientClockSkew = 5 * 60_000;

const uuid7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/**
 * Returns whether a key may have been used before the service started. A UUIDv7 (RFC 9562, 5.7) contains its creation
 * time; one from the future shows a clock that cannot be trusted.
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
