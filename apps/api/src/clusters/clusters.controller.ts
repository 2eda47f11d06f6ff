import { Cluster, ClusterList } from '@aether-v/types';
import { Controller, Get, Param, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { CurrentPrincipal, RequirePermission } from '../auth/access.decorators.ts';
import type { Principal } from '../auth/principal.ts';
import { byName } from '../common/text-order.ts';
import { AnswersFleet, Problems } from '../http/answers.ts';
import { FleetEtag } from '../inventory/fleet-etag.interceptor.ts';
import { FleetVersionInterceptor } from '../inventory/fleet-version.interceptor.ts';
import { FleetViews } from '../inventory/fleet-views.ts';
import { noSuchObject } from '../problems/not-found.ts';

@ApiTags('Clusters')
@Controller('api/v1/clusters')
@UseInterceptors(FleetVersionInterceptor)
export class ClustersController {
  constructor(private readonly fleet: FleetViews) {}

  @Get()
  @RequirePermission('view')
  @ApiOperation({ summary: 'List all clusters, sorted by name' })
  @AnswersFleet(ClusterList, 'All clusters')
  @FleetEtag()
  listClusters(@CurrentPrincipal() principal: Principal): ClusterList {
    const view = this.fleet.of(principal);
    const items: Cluster[] = view.rows('cluster').sort(byName);
    return { items, total: items.length, version: view.version };
  }

  @Get(':clusterId')
  @RequirePermission('view')
  @ApiOperation({ summary: 'Read one cluster' })
  @AnswersFleet(Cluster, 'The cluster')
  @Problems('not-found')
  @FleetEtag()
  getCluster(
    @Param('clusterId') clusterId: string,
    @CurrentPrincipal() principal: Principal,
  ): Readonly<Cluster> {
    const cluster = this.fleet.of(principal).get('cluster', clusterId);
    if (cluster === undefined) throw noSuchObject('cluster', clusterId);
    return cluster;
  }
}
