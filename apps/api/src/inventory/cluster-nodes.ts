import type { ClusterFacts } from '@aether-v/types';
import type { HostEndpoint } from '../config/host-endpoint.ts';
import { nodeEndpoint } from '../host-adapter/connect/cluster-node.ts';

/** What is known when the nodes of a cluster are compared with the hosts of the fleet. */
export interface NodeSurroundings {
  /** The endpoint at the cluster's name. */
  readonly cluster: HostEndpoint;
  /** The addresses of nodes that the fleet has because this cluster named them. */
  readonly present: ReadonlySet<string>;
  /** Whether the fleet has a host at an address. */
  readonly has: (address: string) => boolean;
  /** Whether the fleet reads a host at another address whose name is also the host's. */
  readonly isReadElsewhere: (hostId: string, address: string) => boolean;
}

/** Which hosts come to the fleet and which leave it, now that a cluster names its nodes. */
export interface NodeChanges {
  readonly joined: readonly HostEndpoint[];
  readonly left: readonly string[];
  /** Names that cannot be those of nodes. */
  readonly unusable: readonly string[];
}

/**
 * Compares the nodes that a cluster names with those that the fleet has. A host that is configured by itself under its name stays
 * that.
 */
export function compareNodes(nodes: ClusterFacts['nodes'], around: NodeSurroundings): NodeChanges {
  const { target } = around.cluster;
  if (target.kind === 'local') throw new TypeError('a cluster on no network');
  const wanted = new Map<string, HostEndpoint>();
  const unusable: string[] = [];
  for (const { name, hostId } of nodes) {
    const endpoint = nodeEndpoint(target, name);
    if (endpoint === undefined) {
      unusable.push(name);
      continue;
    }
    if (!around.isReadElsewhere(hostId, endpoint.address)) wanted.set(endpoint.address, endpoint);
  }
  return {
    joined: [...wanted.values()].filter(({ address }) => !around.has(address)),
    left: [...around.present].filter((address) => !wanted.has(address)),
    unusable,
  };
}
