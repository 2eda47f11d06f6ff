import { Inventory, type Vm, type VmState } from '@aether-v/types';
import { Controller, Get, Inject, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, RequirePermission } from '../auth/access.decorators.ts';
import type { Principal } from '../auth/principal.ts';
import { byName } from '../common/text-order.ts';
import { configToken, type Config } from '../config/settings.ts';
import { AnswersFleet } from '../http/answers.ts';
import { FleetEtag } from './fleet-etag.interceptor.ts';
import { FleetVersionInterceptor } from './fleet-version.interceptor.ts';
import { FleetViews } from './fleet-views.ts';

@ApiTags('Inventory')
@Controller('api/v1/inventory')
@UseInterceptors(FleetVersionInterceptor)
export class InventoryController {
  constructor(
    private readonly fleet: FleetViews,
    @Inject(configToken) private readonly config: Config,
  ) {}

  @Get()
  @RequirePermission('view')
  @ApiOperation({ summary: 'Read clusters, hosts and totals, without VMs' })
  @AnswersFleet(Inventory, 'The fleet without its VMs')
  @FleetEtag()
  getInventory(@CurrentPrincipal() principal: Principal): Inventory {
    const view = this.fleet.of(principal);
    const vms = view.rows('vm');
    const lastKnown = totalsOf(vms.filter(({ stale }) => stale !== null));
    return {
      version: view.version,
      environmentName: this.config.environmentName,
      clusters: view.rows('cluster').sort(byName),
      hosts: view.rows('host').sort(byName),
      totals: { ...totalsOf(vms.filter(({ stale }) => stale === null)), lastKnown },
    };
  }
}

function totalsOf(vms: readonly Readonly<Vm>[]): Omit<Inventory['totals'], 'lastKnown'> {
  const byState: Partial<Record<VmState, number>> = {};
  for (const { state } of vms) byState[state] = (byState[state] ?? 0) + 1;
  return { vms: vms.length, byState };
}
