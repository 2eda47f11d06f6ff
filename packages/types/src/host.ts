import { Type, type Static } from 'typebox';
import { Conflict } from './conflict.ts';
import { nullable, oneOf } from './enum.ts';
import { FactProblems } from './fact-problem.ts';
import { Bytes, Guid, HostId, Percent, Text, Timestamp } from './scalars.ts';
import { Staleness } from './vm.ts';

/** The `part` of a clock problem: the host's clock is off by two minutes or more. */
export const clockProblemPart = 'clock';

/** An optional capability of a transport or an agent. */
export const Capability = oneOf(['cancel', 'watch', 'callerCa']);

/** A host's report of itself. */
export const HostFacts = Type.Object(
  {
    hostId: HostId,
    name: Text,
    fqdn: nullable(Text),
    clusterId: nullable(Guid),
    osName: Text,
    osVersion: Text,
    manufacturer: nullable(Text),
    model: nullable(Text),
    processorName: nullable(Text),
    logicalProcessors: Type.Integer({
      minimum: 0,
      maximum: 4096,
      description: '0 if it could not be read.',
    }),
    memory: Bytes,
    bootedAt: nullable(Timestamp),
    defaultVmPath: nullable(Text),
    defaultDiskPath: nullable(Text),
    switches: Type.Array(
      Type.Object({ id: Text, name: Text, type: oneOf(['External', 'Internal', 'Private']) }),
      { maxItems: 256 },
    ),
    agentVersion: Text,
    nodeState: nullable(oneOf(['Up', 'Paused', 'Down', 'Joining', 'Unknown'])),
    problems: FactProblems,
  },
  { $id: 'HostFacts' },
);

/** The connection of the service to a host. */
export const HostConnection = Type.Object(
  {
    state: oneOf(['connecting', 'connected', 'unreachable']),
    since: Timestamp,
    error: nullable(
      Type.Object({ code: Type.String({ maxLength: 64 }), message: Text, remedy: nullable(Text) }),
    ),
    watching: Type.Boolean({
      description: 'True if the host reports changes by itself, false if it is polled.',
    }),
  },
  { $id: 'HostConnection' },
);

const vmCounts = {
  vmCount: Type.Integer({ minimum: 0 }),
  runningVmCount: Type.Integer({
    minimum: 0,
    description: 'The number of running VMs, without those of unreachable hosts.',
  }),
  staleVmCount: Type.Integer({
    minimum: 0,
    description: 'The number of VMs whose host is unreachable, shown in their last known state.',
  }),
};

/**
 * One host of the fleet. For a configured host that has never responded only the address is known: `facts` is null, and
 * its id is derived from the address until the agent reports the real one.
 */
export const Host = Type.Object(
  {
    id: HostId,
    name: Text,
    address: Text,
    clusterId: nullable(Guid),
    clusterName: nullable(Text),
    connection: HostConnection,
    stale: nullable(Staleness),
    conflict: nullable(Conflict),
    problems: FactProblems,
    clockOffsetMs: {
      ...nullable(Type.Integer()),
      description:
        "Offset of the host's clock from the service's, positive if it is ahead; 0 if below five seconds, null until measured. The times of the host, its VMs and jobs are corrected by it.",
    },
    facts: nullable(HostFacts),
    ...vmCounts,
  },
  { $id: 'Host' },
);

/** One usage sample of a host. */
export const HostUsage = Type.Object(
  {
    hostId: HostId,
    sampledAt: Timestamp,
    cpuPercent: Percent,
    memoryAvailable: Bytes,
  },
  { $id: 'HostUsage' },
);

/** A shared volume of a cluster (CSV). */
export const ClusterSharedVolume = Type.Object(
  { name: Text, path: Text, size: Bytes, free: Bytes },
  { $id: 'ClusterSharedVolume' },
);

/** A node's report of its cluster. */
export const ClusterFacts = Type.Object({
  clusterId: Guid,
  name: Text,
  fqdn: nullable(Text),
  nodes: Type.Array(
    Type.Object({ name: Text, hostId: HostId, state: oneOf(['Up', 'Paused', 'Down', 'Joining', 'Unknown']) }),
    { maxItems: 64 },
  ),
  functionalLevel: nullable(Type.Integer()),
  sharedVolumes: Type.Array(ClusterSharedVolume, { maxItems: 256 }),
});

/** One cluster of the fleet. */
export const Cluster = Type.Object(
  {
    id: Guid,
    stale: nullable(Staleness),
    ...vmCounts,
    hostIds: Type.Array(HostId, { maxItems: 64 }),
    ...Type.Omit(ClusterFacts, ['clusterId']).properties,
  },
  { $id: 'Cluster' },
);

/** A host's report of itself. */
export type HostFacts = Static<typeof HostFacts>;
/** The connection of the service to a host. */
export type HostConnection = Static<typeof HostConnection>;
/** One host of the fleet. */
export type Host = Static<typeof Host>;
/** One usage sample of a host. */
export type HostUsage = Static<typeof HostUsage>;
/** A node's report of its cluster. */
export type ClusterFacts = Static<typeof ClusterFacts>;
/** One cluster of the fleet. */
export type Cluster = Static<typeof Cluster>;
/** An optional capability of a transport or an agent. */
export type Capability = Static<typeof Capability>;
