import type { HyperVEngine } from '@aether-v/hyperv-sim/engine';
import { nodeStates, roleStates } from './numbers.ts';
import type { CimObject } from './wql.ts';

/** Instances of root\cimv2. */
export function hostRows(engine: HyperVEngine, hostId: string, className: string): CimObject[] | undefined {
  const host = engine.host(hostId);
  switch (className) {
    case 'Win32_ComputerSystem':
      return [
        {
          Name: host.name,
          DNSHostName: host.name,
          Domain: host.fqdn === null ? 'WORKGROUP' : host.fqdn.slice(host.hostId.length + 1),
          PartOfDomain: host.fqdn !== null,
          Manufacturer: host.manufacturer,
          Model: host.model,
          NumberOfLogicalProcessors: host.logicalProcessors,
          TotalPhysicalMemory: host.memory,
        },
      ];
    case 'Win32_OperatingSystem':
      return [
        {
          CSName: host.name,
          Caption: host.osName,
          Version: host.osVersion,
          LastBootUpTime: host.bootedAt === null ? null : { $date: host.bootedAt },
          FreePhysicalMemory: Math.round(engine.usage(hostId).host.memoryAvailable / 1024),
        },
      ];
    case 'Win32_Processor':
      return [{ Name: host.processorName }];
    case 'Win32_PerfFormattedData_HvStats_HyperVHypervisorLogicalProcessor':
      return [{ Name: '_Total', PercentTotalRunTime: Math.round(engine.usage(hostId).host.cpuPercent) }];
    case 'Win32_Volume':
      return [
        ...(engine.cluster(hostId)?.sharedVolumes ?? []).map(({ name, path, size, free }) => ({
          Name: `${path}\\`,
          Label: name,
          FileSystem: 'CSVFS',
          Capacity: size,
          FreeSpace: free,
        })),
        ...engine
          .steps(hostId)
          .files.volumes()
          .filter(({ kind }) => kind === 'local')
          .map(({ root, total, free }) => ({
            Name: `${root}\\`,
            Label: '',
            FileSystem: 'NTFS',
            Capacity: total,
            FreeSpace: free,
          })),
      ];
    default:
      return undefined;
  }
}

/** Instances of root\MSCluster; null on a host without a cluster, which has no such namespace. */
export function clusterRows(
  engine: HyperVEngine,
  hostId: string,
  className: string,
): CimObject[] | null | undefined {
  const cluster = engine.cluster(hostId);
  if (!cluster) return null;
  const roles = engine.hostIds
    .filter((id) => engine.host(id).clusterId === cluster.clusterId)
    .flatMap((id) => engine.vms(id))
    .flatMap(({ vmId, clusterRole }) => (clusterRole ? [{ vmId, ...clusterRole }] : []));
  switch (className) {
    case 'MSCluster_Cluster':
      return [{ Name: cluster.name, Fqdn: cluster.fqdn, ClusterFunctionalLevel: cluster.functionalLevel }];
    case 'MSCluster_Node':
      return cluster.nodes.map(({ name, state }) => ({ Name: name, State: nodeStates[state] }));
    case 'MSCluster_ResourceGroup':
      return roles.map(({ name, state, ownerNode }) => ({
        Name: name,
        State: roleStates[state],
        OwnerNode: ownerNode.toUpperCase(),
        GroupType: 111,
      }));
    case 'MSCluster_Resource':
      return roles.map(({ vmId, name }) => ({
        Name: `Virtual Machine ${name}`,
        Type: 'Virtual Machine',
        OwnerGroup: name,
        PrivateProperties: { VmID: vmId },
      }));
    default:
      return undefined;
  }
}
