import type { RowKind } from '@aether-v/types';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { queryValues } from '../common/query-values.ts';
import { isDryRun } from '../common/dry-run.ts';
import { actionOf, isMutation, isVmControl, type Access } from '../common/route-access.ts';
import { routeObject } from '../auth/route-object.ts';
import type { Clock } from '../common/clock.ts';
import { auditOptions } from './audit-options.ts';
import type { AuditEntry, AuditLog, AuditObject } from './audit-log.ts';
import { RefusedStrangers } from './refused-strangers.ts';
import { requestEntry } from './request-entry.ts';

/** Returns the name of an object that the fleet has. */
export type NameOf = (kind: RowKind, id: string) => string | undefined;

/** Dependencies of the audit. They are called after the application has started. */
export interface RequestAudit {
  readonly audit: () => AuditLog;
  readonly clock: () => Clock;
  readonly nameOf: NameOf;
}

/** The statuses of refusals that are counted for callers without valid credentials, on every route. */
const refusals: ReadonlySet<number> = new Set([401, 403, 421, 429]);

/**
 * Records every request to a mutating route twice, without the handlers' involvement: before its handler runs, and before
 * its response is sent. A request that is refused before its handler (without a permission, for example) has only the
 * second record; those of strangers are only counted.
 */
export function auditRequests(server: FastifyInstance, { audit, clock, nameOf }: RequestAudit): void {
  const attempted = new WeakSet<FastifyRequest>();
  let strangers: RefusedStrangers | undefined;
  // Registered before any route, so it precedes Nest's handlers, which validate the request and queue its job.
  server.addHook('preHandler', async (request) => {
    if (!isAudited(request)) return;
    attempted.add(request);
    await audit().attempt({
      ...entryOf(request, nameOf),
      status: 'requested',
      details: null,
      ...optionsOf(request),
    });
  });
  // Not onResponse, which does not run if the client has disconnected.
  server.addHook('onSend', (request, reply, _payload, done) => {
    const { statusCode } = reply;
    if (request.principal === null && !attempted.has(request) && isRefusal(request, statusCode)) {
      strangers ??= new RefusedStrangers(audit(), clock());
      strangers.count(request.ip);
      // All requests of the VM control API are recorded, as by the VM controller.
    } else if (isAudited(request) || isVmControl(request)) {
      audit().record({
        ...entryOf(request, nameOf),
        status: statusCode < 400 ? 'accepted' : 'refused',
        details: String(statusCode),
        job: jobOf(reply),
      });
    }
    done();
  });
  // The application closes the server before the audit.
  server.addHook('onClose', () => Promise.resolve(strangers?.flush()));
}

function isRefusal(request: FastifyRequest, statusCode: number): boolean {
  return refusals.has(statusCode) || (statusCode >= 400 && isAudited(request));
}

/** A dry run changes nothing. Routes that do not know the parameter ignore it. */
function isAudited(request: FastifyRequest): boolean {
  const { access } = request.routeOptions.config;
  const isChange = isMutation(request.method, access) && !(offersDryRun(access) && isDryRun(request.query));
  return !request.is404 && isChange;
}

function offersDryRun(access: Access | undefined): boolean {
  if (access === undefined || !('permission' in access)) return false;
  return access.query?.properties['dryRun'] !== undefined;
}

function entryOf(request: FastifyRequest, nameOf: NameOf): Omit<AuditEntry, 'status' | 'details'> {
  return {
    ...requestEntry(request),
    action: actionOf(request),
    object: objectOf(request.params, nameOf),
  };
}

function optionsOf({ routeOptions, body, query }: FastifyRequest): Pick<AuditEntry, 'options'> {
  const { access } = routeOptions.config;
  if (access === undefined || !('permission' in access)) return {};
  const options = {
    ...(access.query === undefined ? null : auditOptions(access.query, queryValues(access.query, query))),
    ...(access.body === undefined ? null : auditOptions(access.body, body)),
  };
  return Object.keys(options).length === 0 ? {} : { options };
}

function objectOf(params: unknown, nameOf: NameOf): AuditObject {
  const { vmName } = (params ?? {}) as { readonly vmName?: string };
  if (vmName !== undefined) return { kind: 'vm', id: null, name: vmName };
  const named = routeObject(params);
  if (named === undefined) return { kind: 'none', id: null, name: null };
  return { ...named, name: nameOf(named.kind, named.id) ?? null };
}

/** Commands answer with the address of their job. */
function jobOf(reply: FastifyReply): string | null {
  const location = reply.getHeader('location');
  return typeof location === 'string' ? (/^\/api\/v1\/jobs\/([^/]+)$/.exec(location)?.[1] ?? null) : null;
}
