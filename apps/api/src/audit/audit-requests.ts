import { timestamp, type CommandName } from '@aether-v/types';
import type { FastifyInstance } from 'fastify';
import { isMutation, type Access } from '../auth/access.ts';
import type { AuditLog } from './audit-log.ts';

/** Records every request to a mutating route, including refused ones, without the handlers' involvement. */
export function auditRequests(server: FastifyInstance, audit: () => AuditLog): void {
  server.addHook('onResponse', (request, reply, done) => {
    const { config, url } = request.routeOptions;
    if (!request.is404 && isMutation(request.method, config.access)) {
      audit().record({
        at: timestamp(Date.now()),
        actor: actorOf(request.principal),
        action: commandOf(config.access) ?? `${request.method} ${url ?? ''}`,
        target: request.params as Record<string, string>,
        outcome: reply.statusCode < 400 ? 'accepted' : 'refused',
        detail: String(reply.statusCode),
      });
    }
    done();
  });
}

function commandOf(access: Access | undefined): CommandName | undefined {
  return access !== undefined && 'permission' in access ? access.command : undefined;
}

/** A request refused before its principal was resolved has none. */
function actorOf(principal: { readonly name: string } | null): string {
  return principal?.name ?? 'anonymous';
}
