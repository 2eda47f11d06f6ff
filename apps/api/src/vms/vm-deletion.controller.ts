import { DeleteVmRequest, type JobAccepted } from '@aether-v/types';
import { Body, Controller, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import { CurrentPrincipal, RequirePermission } from '../auth/access.decorators.ts';
import type { Principal } from '../auth/principal.ts';
import { AcceptsJob, Problems, TakesBody } from '../http/answers.ts';
import { ValidatedPipe } from '../http/validation/validated.pipe.ts';
import { idempotencyDescription, idempotencyHeader, readIdempotencyKey } from '../jobs/idempotency.ts';
import { VmDeletionService } from './vm-deletion.service.ts';

/** An action with a body rather than the method DELETE, whose content means nothing (RFC 9110, 9.3.5). */
@ApiTags('VM actions')
@Controller('api/v1/vms')
export class VmDeletionController {
  constructor(private readonly deletions: VmDeletionService) {}

  @Post(':vmId/delete')
  @HttpCode(202)
  @RequirePermission('delete')
  @ApiOperation({
    operationId: 'deleteVm',
    summary: 'Delete a VM',
    description:
      'Possible in the states Off and Saved, in others with `force`, and while the VM has no activity. Files that other VMs need stay.',
  })
  @ApiParam({ name: 'vmId', schema: { type: 'string' } })
  @ApiHeader(idempotencyDescription)
  @TakesBody('DeleteVmRequest', true)
  @AcceptsJob()
  @Problems(
    'not-found',
    'conflict',
    'wrong-state',
    'disputed',
    'already-running',
    'validation-failed',
    'unsupported-media-type',
    'forbidden',
    'foreign-origin',
    'breaker-open',
  )
  async deleteVm(
    @Param('vmId') vmId: string,
    @Body(ValidatedPipe.body(DeleteVmRequest)) body: Static<typeof DeleteVmRequest>,
    @Headers(idempotencyHeader.toLowerCase()) key: string | undefined,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<JobAccepted> {
    const idempotencyKey = readIdempotencyKey(key);
    const job = await this.deletions.accept({ vmId, body, principal, idempotencyKey });
    void reply.header('location', `/api/v1/jobs/${job.id}`);
    return { job };
  }
}
