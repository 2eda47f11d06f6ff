export const clusterTexts = {
  notFound: 'Cluster not found',
  notFoundBody: 'No host of this service belongs to this cluster.',
  back: 'Go to overview',
  tabs: { vms: 'Virtual machines', cluster: 'Nodes and storage' },
  noVms: 'No virtual machines',
  noVmsBody: 'The hosts of this cluster have no virtual machines.',
  nodes: 'Nodes',
  volumes: 'Cluster shared volumes',
  noVolumes: 'There are no cluster shared volumes.',
  cluster: 'Cluster',
  stale: (since: string) =>
    `No host of this cluster has responded since ${since}. You see the last known state.`,
  free: (free: string, size: string) => `${free} of ${size} free`,
  used: (name: string) => `Used space of ${name}`,
  counts: (hosts: number, running: string, all: string, lastKnown: string | null) =>
    `${hosts} ${hosts === 1 ? 'host' : 'hosts'}, ${running} of ${all} virtual machines running` +
    (lastKnown === null ? '' : `, ${lastKnown} in the last known state`),
  /** Labels of facts and columns. */
  labels: {
    functionalLevel: 'Functional level',
    name: 'Name',
    node: 'Node',
    path: 'Path',
    space: 'Space',
    state: 'State',
    volume: 'Volume',
  },
};
