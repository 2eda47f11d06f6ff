import type { Permission } from '@aether-v/types';
import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Access, PermittedAccess } from './access.ts';

/** Requires this permission for the route. */
export function RequirePermission(
  permission: Permission,
  options: Omit<PermittedAccess, 'permission'> = {},
): MethodDecorator {
  return stateAccess({ permission, ...options });
}

/** Makes the route public; `why` gives the reason. */
export function Public(why: string): MethodDecorator {
  return stateAccess({ public: why });
}

/** The principal of the request, as a handler parameter. */
export const CurrentPrincipal = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().principal,
);

function stateAccess(access: Access): MethodDecorator {
  // The guard uses Fastify's own routes, so that it also covers those unknown to Nest.
  return applyDecorators(
    RouteConfig({ access }),
    ApiExtension('x-permission', 'permission' in access ? access.permission : null),
  );
}
