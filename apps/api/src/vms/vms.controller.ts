import { Vm, VmFieldsList, VmList, VmQuery, VmUsage, type VmSort } from '@aether-v/types';
import { Controller, Get, Header, Param, Query, Res, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import { CurrentPrincipal, RequirePermission } from '../auth/access.decorators.ts';
import type { Principal } from '../auth/principal.ts';
import { AnswersFleet, Problems, TakesQuery } from '../http/answers.ts';
import { ValidatedPipe } from '../http/validation/validated.pipe.ts';
import { FleetEtag } from '../inventory/fleet-etag.interceptor.ts';
import { FleetVersionInterceptor } from '../inventory/fleet-version.interceptor.ts';
import { sortsByUsage } from '../inventory/vm-order.ts';
import { vmListJson } from './vm-list-json.ts';
import { settingsTag, settingsTagHeader } from './settings-tag.ts';
import { VmsService } from './vms.service.ts';

/** Returns whether the list changes only with the fleet's version, and not with usage samples. */
function isVersioned(query: unknown): boolean {
  const { sort } = query as { readonly sort?: unknown };
  return typeof sort !== 'string' || !sortsByUsage(sort as VmSort);
}

@ApiTags('VMs')
@Controller('api/v1/vms')
@UseInterceptors(FleetVersionInterceptor)
export class VmsController {
  constructor(private readonly vms: VmsService) {}

  @Get()
  @RequirePermission('view')
  @ApiOperation({ summary: 'List VMs, with filters, sorting and paging' })
  @TakesQuery(VmQuery)
  @AnswersFleet([VmList, VmFieldsList], 'A page of VMs; with `fields`, only those of each VM')
  @Problems('validation-failed')
  @Header('content-type', 'application/json; charset=utf-8')
  @FleetEtag(isVersioned)
  listVms(
    @Query(ValidatedPipe.query(VmQuery)) query: Static<typeof VmQuery>,
    @CurrentPrincipal() principal: Principal,
  ): string {
    return vmListJson(this.vms.list(query, principal), query.fields);
  }

  @Get(':vmId')
  @RequirePermission('view')
  @ApiOperation({
    summary: 'Read one VM',
    description:
      'The `ETag` covers only the editable settings. It is meant for the `If-Match` of a change: a new IP address, for example, does not change it. For this reason, `If-None-Match` never returns 304.',
  })
  @AnswersFleet(Vm, 'The VM', settingsTagHeader)
  @Problems('not-found')
  @Header('cache-control', 'no-store')
  getVm(
    @Param('vmId') vmId: string,
    @CurrentPrincipal() principal: Principal,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Readonly<Vm> {
    const vm = this.vms.get(vmId, principal);
    void reply.header('etag', settingsTag(vm));
    return vm;
  }

  @Get(':vmId/usage')
  @RequirePermission('view')
  @ApiOperation({ summary: 'Read the latest usage sample of a VM' })
  @AnswersFleet(VmUsage, 'The sample')
  @Problems('not-found')
  getVmUsage(@Param('vmId') vmId: string, @CurrentPrincipal() principal: Principal): VmUsage {
    return this.vms.latestUsage(vmId, principal);
  }
}
