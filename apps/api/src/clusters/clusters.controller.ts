import { Cluster, ClusterList } from '@aether-v/types';
import { Controller, Get, Param, UseInterceptors } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { RequirePermission } from '../auth/access.decorators.ts';
import { byName } from '../common/text-order.ts';
import { AnswersFleet, Problems } from '../http/answers.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import { FleetVersionInterceptor } from '../inventory/fleet-version.interceptor.ts';
import { ProblemError } from '../problems/problem-error.ts';

@ApiTags('Clusters')
@Controller('api/v1/clusters')
@UseInterceptors(FleetVersionInterceptor)
export class ClustersController {
  constructor(private readonly store: FleetStore) {}

  @Get()
  @RequirePermission('view')
  @ApiOperation({ summary: 'List all clusters by name' })
  @AnswersFleet(ClusterList, 'All clusters')
  listClusters(): ClusterList {
    const items: Cluster[] = [...this.store.rows('cluster').values()].sort(byName);
    return { items, total: items.length, version: this.store.version };
  }

  @Get(':clusterId')
  @RequirePermission('view')
  @ApiOperation({ summary: 'Read one cluster' })
  @AnswersFleet(Cluster, 'The cluster')
  @Problems('not-found')
  getCluster(@Param('clusterId') clusterId: string): Readonly<Cluster> {
    const cluster = this.store.get('cluster', clusterId);
    if (cluster === undefined) {
      throw new ProblemError('not-found', `There is no cluster with the id ${clusterId}.`);
    }
    return cluster;
  }
}
