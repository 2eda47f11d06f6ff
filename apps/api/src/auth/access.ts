import type { Permission } from '@aether-v/types';

/** What a route asks of whoever calls it: a permission, or nothing and why. */
export type Access = { readonly permission: Permission } | { readonly public: string };

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route states it; the guard refuses one that does not. */
    access?: Access;
  }
}

/**
 * Whether a call by this method with this access changes something that an auditor asks for: the fleet, or what runs in
 * it. A route that asks for no more than to read does not, whatever its method: what a stream carries (`PUT
 * /events/{streamId}/interest`) ends with the stream, and browsers say it with every page that they turn.
 */
export function isMutation(method: string, access: Access | undefined): boolean {
  if (isSafeMethod(method)) return false;
  return access === undefined || !('permission' in access) || !access.permission.endsWith('.read');
}

/** Whether the method only reads (RFC 9110, 9.2.1). */
export function isSafeMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD' || method === 'OPTIONS';
}
