import type { ClusterFacts } from '@aether-v/types';
import type { HostEndpoint } from '../config/host-endpoint.ts';
import { nodeEndpoint } from '../host-adapter/connect/cluster-node.ts';

/** The state of the fleet with which a cluster's nodes are compared. */
export interface NodeSurroundings {
  /** The endpoint of the cluster's name. */
  readonly cluster: HostEndpoint;
  /** The addresses of the nodes that this cluster added to the fleet. */
  readonly present: ReadonlySet<string>;
  /** Returns whether the fleet has a host at an address. */
  readonly has: (address: string) => boolean;
  /** Returns whether the fleet reads the host at another address whose name matches its id. */
  readonly isReadElsewhere: (hostId: string, address: string) => boolean;
}

/** The hosts to add and remove after a cluster reported its nodes. */
export interface NodeChanges {
  readonly joined: readonly HostEndpoint[];
  readonly left: readonly string[];
  /** Names that are invalid for nodes. */
  readonly unusable: readonly string[];
}

/**
 * Compares the nodes that a cluster reports with those of the fleet. A node that is also configured individually under
 * its name remains a configured host.
 */
export function compareNodes(nodes: ClusterFacts['nodes'], around: NodeSurroundings): NodeChanges {
  const { target } = around.cluster;
  if (target.kind === 'local') throw new TypeError('a cluster without a network address');
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
