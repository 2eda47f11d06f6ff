import type { Cluster, Host, Job, VmSummary } from '@aether-v/types';
import { isClockProblem } from '../../components/clock-problem.ts';
import { lowSpace } from '../../components/volume-bar.tsx';
import type { ConflictingVm } from '../../fleet/api.ts';
import { newestFirst, topJobs } from '../../fleet/job-order.ts';

/** An item that needs attention; the most severe kinds come first. */
export type Attention =
  | { readonly kind: 'vm-critical'; readonly key: string; readonly vm: VmSummary }
  | { readonly kind: 'vm-conflict'; readonly key: string; readonly vm: ConflictingVm }
  | { readonly kind: 'host-unreachable'; readonly key: string; readonly host: Host }
  | { readonly kind: 'host-conflict'; readonly key: string; readonly host: Host }
  | { readonly kind: 'host-clock'; readonly key: string; readonly host: Host }
  | {
      readonly kind: 'node';
      readonly key: string;
      readonly cluster: Cluster;
      readonly node: Cluster['nodes'][number];
    }
  | {
      readonly kind: 'volume';
      readonly key: string;
      readonly cluster: Cluster;
      readonly volume: Cluster['sharedVolumes'][number];
    }
  | { readonly kind: 'job'; readonly key: string; readonly job: Job };

const day = 86_400_000;

/** Returns the items that need attention now; jobs only of the last day. */
export function needsAttention(
  hosts: readonly Host[],
  clusters: readonly Cluster[],
  jobs: readonly Job[],
  now: number,
  criticalVms: readonly VmSummary[] = [],
  conflictingVms: readonly ConflictingVm[] = [],
): readonly Attention[] {
  const found: Attention[] = [
    ...criticalVms.map((vm) => ({ kind: 'vm-critical' as const, key: `vm ${vm.id}`, vm })),
    ...conflictingVms.map((vm) => ({ kind: 'vm-conflict' as const, key: `vm conflict ${vm.id}`, vm })),
  ];
  for (const host of hosts) {
    if (host.connection.state === 'unreachable')
      found.push({ kind: 'host-unreachable', key: `host ${host.id}`, host });
    if (host.conflict) found.push({ kind: 'host-conflict', key: `conflict ${host.id}`, host });
    if (host.problems.some(isClockProblem)) found.push({ kind: 'host-clock', key: `clock ${host.id}`, host });
  }
  for (const cluster of clusters) {
    for (const node of cluster.nodes) {
      if (node.state !== 'Up')
        found.push({ kind: 'node', key: `node ${cluster.id} ${node.name}`, cluster, node });
    }
    for (const volume of cluster.sharedVolumes) {
      const isLow = volume.size > 0 && volume.free / volume.size < lowSpace;
      if (isLow) found.push({ kind: 'volume', key: `volume ${cluster.id} ${volume.path}`, cluster, volume });
    }
  }
  const recent = [...topJobs(jobs)].sort(newestFirst);
  for (const job of recent) {
    // A failed test has done its work: the host itself needs attention as long as it is unreachable.
    const isBad = (job.state === 'failed' || job.state === 'unknown') && job.command !== 'host.test';
    if (isBad && now - Date.parse(job.createdAt) < day)
      found.push({ kind: 'job', key: `job ${job.id}`, job });
  }
  return found;
}
