import type { Permission } from '@aether-v/types';
import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiExtension } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import type { Access, PermittedAccess } from './access.ts';

/** The route may be called by principals that have this permission. */
export function RequirePermission(
  permission: Permission,
  options: Omit<PermittedAccess, 'permission'> = {},
): MethodDecorator {
  return stateAccess({ permission, ...options });
}

/** The route may be called by everybody; `why` says why that is right. */
export function Public(why: string): MethodDecorator {
  return stateAccess({ public: why });
}

/** Who called, for a parameter of a handler. */
export const CurrentPrincipal = createParamDecorator(
  (_: unknown, context: ExecutionContext) => context.switchToHttp().getRequest<FastifyRequest>().principal,
);

function stateAccess(access: Access): MethodDecorator {
  // The guard works on Fastify's own routes, so that it also covers those that Nest does not know.
  return applyDecorators(
    RouteConfig({ access }),
    ApiExtension('x-permission', 'permission' in access ? access.permission : null),
  );
}
