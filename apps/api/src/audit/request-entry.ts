import type { FastifyRequest } from 'fastify';
import type { AuditEntry } from './audit-log.ts';

/** The fields of an entry that state where a request came from. */
export type RequestEntry = Pick<
  AuditEntry,
  'actor' | 'clientIp' | 'method' | 'job' | 'host' | 'request' | 'signature'
>;

/** Returns the fields of an entry that state where a request came from. */
export function requestEntry(request: FastifyRequest): RequestEntry {
  return {
    actor: actorOf(request.principal),
    clientIp: request.ip,
    method: request.method,
    job: null,
    host: null,
    request: request.id,
    ...(request.signature === null ? {} : { signature: request.signature.hash }),
  };
}

/** A request refused before its principal was resolved has none. */
function actorOf(principal: { readonly id: string; readonly name: string } | null): AuditEntry['actor'] {
  return principal === null ? { id: null, name: 'anonymous' } : { id: principal.id, name: principal.name };
}
