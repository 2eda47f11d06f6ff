import type { FastifyRequest } from 'fastify';
import { actionOf, isSafeMethod, isVmControl } from '../../common/route-access.ts';
import type { Authentication } from '../authentication.ts';
import type { RawBodyRule } from '../../http/raw-body.ts';
import { ProblemError } from '../../problems/problem-error.ts';
import type { MarkedTarget } from './mark-of.ts';
import { assertFirstUse, type SignatureCheck, type VerifiedSignature } from './signature-check.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Null unless the request had to be signed, and its signature was verified. */
    signature: VerifiedSignature | null;
  }
}

/** The maximum size of a body of the VM control API, in bytes. */
const maxControlBody = 64 * 1024;

/** Returns whether a request must be signed. A signature covers the body, so it is verified after the body has arrived. */
export function mustSign(authentication: Authentication | null): boolean {
  return authentication?.signature !== undefined && authentication.signature !== 'none';
}

/** Returns the rule for keeping the raw body, which signed requests and the VM control API need; null for others. */
export function rawBodyRule(request: FastifyRequest, bodyLimit: number): RawBodyRule | null {
  if (isVmControl(request)) return { limit: maxControlBody, unparsed: true };
  return mustSign(request.authentication) ? { limit: bodyLimit, unparsed: false } : null;
}

/**
 * Verifies the signature of a request, if its key requires one. Refuses a mutation whose signature was used before; the
 * VM control API checks that later, after it has found the VM.
 *
 * @throws ProblemError
 */
export async function verifySignature(request: FastifyRequest, check: SignatureCheck): Promise<void> {
  const { authentication, rawBody } = request;
  const demand = authentication?.signature;
  if (authentication === null || demand === undefined || demand === 'none') return;
  const body = rawBody ?? Buffer.alloc(0);
  const { principal } = authentication;
  const target = isVmControl(request) ? targetOf(request) : null;
  request.signature = await check.verify({ request, body, principalId: principal.id, demand, target });
  if (isSafeMethod(request.method)) assertNoBody(request);
  else if (target === null) assertFirstUse(request.signature);
}

/** Refuses a body that a request must not have. @throws ProblemError */
export function assertNoBody({ method, rawBody }: FastifyRequest): void {
  if (rawBody === null || rawBody.length === 0) return;
  throw new ProblemError('bad-request', `A ${method} request has no body.`);
}

/** Returns the target as the audit log names it, because marks are restored from there. */
function targetOf(request: FastifyRequest): MarkedTarget {
  const { vmName = '' } = request.params as { readonly vmName?: string };
  return { action: actionOf(request), vm: vmName };
}
