import {
  commands,
  VmControlList,
  VmControlResult,
  type ErrorCode,
  type VmControlAction,
} from '@aether-v/types';
import { applyDecorators, Controller, Get, HttpCode, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CurrentPrincipal, RequirePermission } from '../auth/access.decorators.ts';
import type { Principal } from '../auth/principal.ts';
import { assertNoBody } from '../auth/signing/sign-requests.ts';
import { assertFirstUse } from '../auth/signing/signature-check.ts';
import { Answers, Problems } from '../http/answers.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { assertJsonObject } from './json-object.ts';
import { controlledActions } from './vm-control.actions.ts';
import { VmControlService } from './vm-control.service.ts';

/** The rules for browsers do not apply: the API requires keys, which browsers do not add by themselves. */
const rules = { notForBrowsers: true, wire: 'vm-control' } as const;

const commonProblems = [
  'unauthenticated',
  'forbidden',
  'ambiguous-name',
] as const satisfies readonly ErrorCode[];

const hostQuery = ApiQuery({
  name: 'host',
  required: false,
  description: 'The name or id of a host. Required if several hosts have a VM with this name.',
});

const authenticationHeaders = applyDecorators(
  ApiHeader({ name: 'x-api-key', required: true, description: 'An API key.' }),
  ApiHeader({ name: 'x-timestamp', description: 'With HMAC_SECRET: the time of the request.' }),
  ApiHeader({
    name: 'x-signature',
    description: 'With HMAC_SECRET: signature 1, unless signature 2 is sent.',
  }),
  ApiHeader({ name: 'x-signature-v2', description: 'With HMAC_SECRET: signature 2.' }),
  ApiHeader({ name: 'x-nonce', description: 'With signature 2: 16 to 128 random characters.' }),
);

/** Declares the route of an action. */
function ControlRoute(action: VmControlAction): MethodDecorator {
  const { command, done } = controlledActions[action];
  const { permission, title } = commands[command];
  return applyDecorators(
    HttpCode(200),
    RequirePermission(permission, { command }, rules),
    ApiOperation({
      summary: `${title} a VM by its name, and wait for the result`,
      description:
        `Responds with "${done}" when the action is done, or with 202 and the job after VM_CONTROL_WAIT seconds. The body must be a JSON object, ` +
        'which may be empty; every content type is accepted. See docs/vm-control-api.md.',
    }),
    authenticationHeaders,
    hostQuery,
    Answers(VmControlResult, 'The action is done'),
    Answers(VmControlResult, 'The action is still in progress', 202),
    Problems(
      ...commonProblems,
      'bad-request',
      'signature-used',
      'not-found',
      'wrong-state',
      'already-running',
      'disputed',
      'payload-too-large',
      'too-many-requests',
      'agent-error',
      'host-unavailable',
      'audit-unavailable',
    ),
  );
}

/** Handles requests of the VM control API whose key, signature and permission have been verified. */
@ApiTags('VM control')
@Controller('vm')
export class VmControlController {
  constructor(private readonly control: VmControlService) {}

  @Get('list')
  @RequirePermission('view', {}, rules)
  @ApiOperation({
    summary: 'List the names of all VMs',
    description: 'With `host`, lists the VMs of one host. See docs/vm-control-api.md.',
  })
  @authenticationHeaders
  @hostQuery
  @Answers(VmControlList, 'The names')
  @Problems('unauthenticated', 'forbidden', 'bad-request')
  listVmNames(
    @Query('host') host: unknown,
    @CurrentPrincipal() principal: Principal,
    @Req() request: FastifyRequest,
  ): VmControlList {
    assertNoBody(request);
    return this.control.list(principal, textOf(host));
  }

  @Post(':vmName/start')
  @ControlRoute('start')
  startVmByName(
    @Param('vmName') vmName: string,
    @Query('host') host: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VmControlResult> {
    return this.#act('start', vmName, host, request, reply);
  }

  @Post(':vmName/shutdown')
  @ControlRoute('shutdown')
  shutdownVmByName(
    @Param('vmName') vmName: string,
    @Query('host') host: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VmControlResult> {
    return this.#act('shutdown', vmName, host, request, reply);
  }

  @Post(':vmName/restart')
  @ControlRoute('restart')
  restartVmByName(
    @Param('vmName') vmName: string,
    @Query('host') host: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<VmControlResult> {
    return this.#act('restart', vmName, host, request, reply);
  }

  async #act(
    action: VmControlAction,
    vmName: string,
    host: unknown,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<VmControlResult> {
    const { principal, signature, rawBody } = request;
    if (principal === null) throw new Error('The guard has let a request without a principal pass.');
    const vm = this.control.find(vmName, textOf(host), principal);
    assertJsonObject(rawBody);
    if (signature !== null) assertFirstUse(signature);
    const disconnected = new AbortController();
    reply.raw.once('close', () => disconnected.abort());
    const result = await this.control.act({
      action,
      vm,
      principal,
      signal: disconnected.signal,
      onJob: (jobId) => void reply.header('location', `/api/v1/jobs/${jobId}`),
    });
    if (result.status === 'accepted') reply.status(202);
    return result;
  }
}

/** Returns the last value of a repeated parameter, as the VM controller does. */
function textOf(value: unknown): string | undefined {
  if (Array.isArray(value)) throw new ProblemError('bad-request', 'The parameter host occurs several times.');
  return typeof value === 'string' && value !== '' ? value : undefined;
}
