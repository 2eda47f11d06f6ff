import type { FastifyRequest } from 'fastify';
import type { Clock } from '../../common/clock.ts';
import type { Secret } from '../../config/secret.ts';
import { ProblemError } from '../../problems/problem-error.ts';
import type { SignatureDemand } from '../../keys/stored-key.ts';
import { markOf, type MarkedTarget, type ReplayScope } from './mark-of.ts';
import type { Claimed } from './replay-marks.ts';
import {
  hashOfBody,
  isNonce,
  matchesSignature,
  signature1,
  signature2,
  signatureHash,
  type SignatureVersion,
} from './signatures.ts';
import { maxSignedAge, parseSignedTime, problemOfSignedTime } from './signed-time.ts';
import type { SigningMemory } from './signing-memory.ts';

/** The verified signature of a request. */
export interface VerifiedSignature {
  /** The hash in the audit log. */
  readonly hash: string;
  /** The use of the signature; also `unknown` if an earlier run of the service may have seen it. */
  readonly use: Claimed;
}

/** A request to verify, and the requirements of its key and route. */
export interface CheckedRequest {
  readonly request: Pick<FastifyRequest, 'method' | 'headers' | 'raw'>;
  readonly body: Uint8Array;
  readonly principalId: string;
  readonly demand: Exclude<SignatureDemand, 'none'>;
  /** The VM and action of the request; null for routes that accept signature 2 only. */
  readonly target: MarkedTarget | null;
}

/** Settings of the signature check. */
export interface SignatureCheckOptions {
  readonly secret: Secret | null;
  readonly scope: ReplayScope;
  readonly clock: Clock;
  readonly memory: SigningMemory;
}

/** Verifies signed requests, and marks their signatures as used. */
export class SignatureCheck {
  readonly #options: SignatureCheckOptions;

  constructor(options: SignatureCheckOptions) {
    this.#options = options;
  }

  /** @throws ProblemError `unauthenticated` if the signature or its time is invalid. */
  async verify(checked: CheckedRequest): Promise<VerifiedSignature> {
    const { secret, scope, clock, memory } = this.#options;
    if (secret === null) {
      throw unauthenticated(
        'This key requires signed requests, but HMAC_SECRET is not set on the service. Ask an administrator to set it.',
      );
    }
    const { version, mac, timestamp } = verifiedMac(checked, secret);
    const time = parseSignedTime(timestamp);
    if (time === null) {
      throw unauthenticated(
        'x-timestamp must be Unix seconds, 13-digit milliseconds, or a time in ISO 8601.',
      );
    }
    const problem = problemOfSignedTime(time, clock.now());
    if (problem !== null) {
      throw unauthenticated(`x-timestamp ${problem}. Compare the clocks of the client and the service.`);
    }
    const hash = signatureHash(mac);
    const mark = markOf(hash, scope, version === '1' ? checked.target : null);
    const use = await memory.marks.claim({
      mark,
      owner: checked.principalId,
      expiresAt: time + maxSignedAge,
    });
    return { hash, use: use === 'first' && time < memory.notBefore ? 'unknown' : use };
  }
}

/** Requires that a signature was not used before. @throws ProblemError `signature-used` or `too-many-requests` */
export function assertFirstUse({ use }: VerifiedSignature): void {
  if (use === 'first') return;
  if (use === 'full') {
    throw new ProblemError(
      'too-many-requests',
      'This key has sent too many signed requests in the last five minutes. Send fewer requests.',
      { retryAfterSeconds: 10 },
    );
  }
  const detail =
    use === 'repeated'
      ? 'The signature was used before. Sign again with a finer timestamp.'
      : 'The request was signed before the service started, or before its clock was set back, so it may have been executed already. ' +
        'Check this, then sign again with the present time. If this repeats, compare the clocks of the client and the service. ' +
        'With LOG_DIR the service remembers used signatures across a restart.';
  throw new ProblemError('signature-used', detail, { retryAfterSeconds: 1 });
}

interface VerifiedMac {
  readonly version: SignatureVersion;
  readonly mac: Buffer;
  readonly timestamp: string;
}

function verifiedMac({ request, body, demand, target }: CheckedRequest, secret: Secret): VerifiedMac {
  const header = (name: string): string | undefined => textOf(request.headers[name]);
  const timestamp = header('x-timestamp');
  const second = header('x-signature-v2');
  if (second !== undefined) {
    const nonce = header('x-nonce');
    if (timestamp === undefined || nonce === undefined) {
      throw unauthenticated('x-signature-v2 requires the headers x-timestamp and x-nonce.');
    }
    if (!isNonce(nonce)) {
      throw unauthenticated('x-nonce must have 16 to 128 letters, digits or the characters - . _ ~ + / =');
    }
    const { method } = request;
    const signed = { method, target: request.raw.url ?? '', timestamp, nonce, bodyHash: hashOfBody(body) };
    return verified('2', signature2(secret, signed), second, timestamp, 'x-signature-v2');
  }
  if (demand === '2' || target === null) {
    throw unauthenticated(
      'The request must be signed with signature 2 (x-signature-v2, x-timestamp, x-nonce); see docs/vm-control-api.md.',
    );
  }
  const first = header('x-signature');
  if (first === undefined || timestamp === undefined) {
    throw unauthenticated('The request must be signed: send x-signature and x-timestamp.');
  }
  return verified('1', signature1(secret, body, timestamp), first, timestamp, 'x-signature');
}

function verified(
  version: SignatureVersion,
  mac: Buffer,
  given: string,
  timestamp: string,
  header: string,
): VerifiedMac {
  if (!matchesSignature(mac, given)) {
    throw unauthenticated(`The signature (${header}) does not match the request.`);
  }
  return { version, mac, timestamp };
}

function textOf(value: string | readonly string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function unauthenticated(detail: string): ProblemError {
  return new ProblemError('unauthenticated', detail);
}
