import {
  activityBlock,
  commands,
  EmptyRequest,
  ShutdownRequest,
  vmActionNames,
  vmActions,
  vmActivities,
  type JobAccepted,
  type VmActionName,
  type VmActivityKind,
} from '@aether-v/types';
import {
  applyDecorators,
  Body,
  Controller,
  Headers,
  HttpCode,
  Param,
  Post,
  Res,
  type PipeTransform,
} from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { CurrentPrincipal, RequirePermission } from '../auth/access.decorators.ts';
import type { Principal } from '../auth/principal.ts';
import { AcceptsJob, Problems, TakesBody } from '../http/answers.ts';
import { ValidatedPipe } from '../http/validation/validated.pipe.ts';
import { idempotencyDescription, idempotencyHeader, readIdempotencyKey } from '../jobs/idempotency.ts';
import { VmActionsService, type VmActionRequest } from './vm-actions.service.ts';

/** One route for each action of the table; they are declared below the class. */
@ApiTags('VM actions')
@Controller('api/v1/vms')
export class VmActionsController {
  constructor(private readonly actions: VmActionsService) {}

  /** What every route here does. */
  async accept(request: VmActionRequest, reply: FastifyReply): Promise<JobAccepted> {
    const job = await this.actions.accept(request);
    void reply.header('location', `/api/v1/jobs/${job.id}`);
    return { job };
  }
}

type Handler = (
  this: VmActionsController,
  vmId: string,
  body: ShutdownRequest,
  key: string | undefined,
  principal: Principal,
  reply: FastifyReply,
) => Promise<JobAccepted>;

function handlerOf(action: VmActionName): Handler {
  return function (vmId, body, key, principal, reply) {
    const idempotencyKey = readIdempotencyKey(key);
    return this.accept({ action, vmId, body, principal, idempotencyKey }, reply);
  };
}

const methodOf = (action: VmActionName): string => `${action}Vm`;

/** The activities during which the action is refused. */
function blocking(action: VmActionName): readonly VmActivityKind[] {
  return vmActivities.filter((kind) => activityBlock(vmActions[action].op, { activity: { kind } }) !== null);
}

/** The decorators of a route, as a written method would have them. */
function routeOf(action: VmActionName): MethodDecorator {
  const { label, permission, allowedStates } = commands[vmActions[action].op];
  return applyDecorators(
    Post(`:vmId/${action}`),
    HttpCode(202),
    RequirePermission(permission),
    ApiOperation({
      operationId: methodOf(action),
      summary: `${label} a VM`,
      description: `Possible in the states ${allowedStates.join(', ')}, and not during the activities ${blocking(action).join(', ')}.`,
    }),
    ApiParam({ name: 'vmId', schema: { type: 'string' } }),
    ApiHeader(idempotencyDescription),
    TakesBody(action === 'shutdown' ? 'ShutdownRequest' : 'EmptyRequest'),
    AcceptsJob(),
    Problems(
      'not-found',
      'wrong-state',
      'disputed',
      'already-running',
      'validation-failed',
      'unsupported-media-type',
      'foreign-origin',
      'breaker-open',
    ),
  );
}

function declareRoute(action: VmActionName): void {
  const target = VmActionsController.prototype;
  const name = methodOf(action);
  const descriptor = { value: handlerOf(action), configurable: true, writable: true };
  Object.defineProperty(target, name, descriptor);
  Reflect.defineMetadata('design:paramtypes', [String, Object, String, Object, Object], target, name);
  routeOf(action)(target, name, descriptor);
  Param('vmId')(target, name, 0);
  Body(bodyOf(action))(target, name, 1);
  Headers(idempotencyHeader.toLowerCase())(target, name, 2);
  CurrentPrincipal()(target, name, 3);
  Res({ passthrough: true })(target, name, 4);
}

function bodyOf(action: VmActionName): PipeTransform {
  return ValidatedPipe.body(action === 'shutdown' ? ShutdownRequest : EmptyRequest);
}

for (const action of vmActionNames) declareRoute(action);
