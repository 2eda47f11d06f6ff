import type { Permission } from '@aether-v/types';
import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyContextConfig, FastifyRequest } from 'fastify';
import type { Access, PermittedAccess, PublicAccess } from '../common/route-access.ts';

/** Exemptions of a route from the rules against foreign web pages. */
type BrowserRules = Pick<FastifyContextConfig, 'notForBrowsers' | 'anyHost' | 'wire'>;

/** Requires this permission for the route. */
export function RequirePermission(
  permission: Permission,
  options: Omit<PermittedAccess, 'permission'> = {},
  rules: BrowserRules = {},
): MethodDecorator {
  return stateAccess({ permission, ...options }, rules);
}

/** Makes the route public; `why` gives the reason. */
export function Public(
  why: string,
  rules: BrowserRules = {},
  options: Omit<PublicAccess, 'public'> = {},
): MethodDecorator {
  return stateAccess({ public: why, ...options }, rules);
}

/** The principal of the request, as a handler parameter. */
export const CurrentPrincipal = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().principal,
);

/** The authentication of the request, as a handler parameter. */
export const CurrentAuthentication = createParamDecorator(
  (_: unknown, context: ExecutionContext) =>
    context.switchToHttp().getRequest<FastifyRequest>().authentication,
);

function stateAccess(access: Access, rules: BrowserRules): MethodDecorator {
  // The guard uses Fastify's own routes, so that it also covers those unknown to Nest.
  return applyDecorators(
    RouteConfig({ access, ...rules }),
    ApiExtension('x-permission', 'permission' in access ? access.permission : null),
  );
}
