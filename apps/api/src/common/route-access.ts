import type { CommandName, Permission } from '@aether-v/types';
import type { FastifyRequest } from 'fastify';
import type { TObject } from 'typebox';

/** Access to a route that requires a permission. */
export interface PermittedAccess {
  readonly permission: Permission;
  /** The command that the route runs. */
  readonly command?: CommandName;
  /** The schema of the command's body, whose simple fields the audit records. */
  readonly body?: TObject;
  /** The schema of the command's query, of which the audit records the same. */
  readonly query?: TObject;
  /** True if a call counts as a change in the audit; if absent, the method decides (RFC 9110, 9.2.1). */
  readonly mutates?: boolean;
  /** True if the console calls it automatically, so that a call does not keep an idle session alive. */
  readonly background?: boolean;
}

/** Access to a route that everyone may call. */
export interface PublicAccess {
  /** The reason why it is public. */
  readonly public: string;
  /** True if the caller is identified anyway. Callers without valid credentials have no principal. */
  readonly identifies?: boolean;
  /** False if the route records its own outcome; if absent, the method decides. */
  readonly mutates?: boolean;
  /** As for routes that require a permission. */
  readonly background?: boolean;
}

/** The access to a route: a required permission, or the reason why it is public. */
export type Access = PermittedAccess | PublicAccess;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Required for every route; the guard refuses routes without it. */
    access?: Access;
    /** The route belongs to the VM control API: it accepts API keys only, from allowed addresses. */
    wire?: 'vm-control';
  }
}

/** Returns whether a request is to a route of the VM control API. */
export function isVmControl({ routeOptions }: Pick<FastifyRequest, 'routeOptions'>): boolean {
  return routeOptions.config.wire === 'vm-control';
}

/** Returns the action of a request as the audit log names it: its command, or its method and route. */
export function actionOf({ method, routeOptions }: Pick<FastifyRequest, 'method' | 'routeOptions'>): string {
  const { config, url } = routeOptions;
  const command =
    config.access !== undefined && 'permission' in config.access ? config.access.command : undefined;
  return command ?? `${method} ${url ?? ''}`;
}

/** Returns whether a call with this method and access counts as a change in the audit. */
export function isMutation(method: string, access: Access | undefined): boolean {
  return access?.mutates ?? !isSafeMethod(method);
}

/** Returns whether the method only reads (RFC 9110, 9.2.1). */
export function isSafeMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
