import type { CommandName, Permission } from '@aether-v/types';

/** Access to a route that requires a permission. */
export interface PermittedAccess {
  readonly permission: Permission;
  /** The command that the route carries out. */
  readonly command?: CommandName;
  /** Whether a call changes something that an auditor asks for; if absent, its method decides (RFC 9110, 9.2.1). */
  readonly mutates?: boolean;
}

/** What a route requires of its callers: a permission, or nothing and why. */
export type Access = PermittedAccess | { readonly public: string };

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route states it; the guard refuses one that does not. */
    access?: Access;
  }
}

/** Whether a call by this method with this access changes something that an auditor asks for. */
export function isMutation(method: string, access: Access | undefined): boolean {
  const stated = access !== undefined && 'permission' in access ? access.mutates : undefined;
  return stated ?? !isSafeMethod(method);
}

/** Whether the method only reads (RFC 9110, 9.2.1). */
export function isSafeMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
