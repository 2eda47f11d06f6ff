export const clusterTexts = {
  notFound: 'There is no such cluster',
  notFoundBody: 'None of the hosts of this service belongs to it.',
  back: 'To the overview',
  tabs: { vms: 'Virtual machines', cluster: 'Nodes and storage' },
  noVms: 'No virtual machines',
  noVmsBody: 'There are none on the hosts of this cluster.',
  nodes: 'Nodes',
  volumes: 'Cluster shared volumes',
  noVolumes: 'There are no cluster shared volumes.',
  cluster: 'Cluster',
  stale: (since: string) =>
    `No host of this cluster has answered since ${since}. This is the last that is known.`,
  free: (free: string, size: string) => `${free} of ${size} free`,
  used: (name: string) => `Used of ${name}`,
  counts: (hosts: number, running: string, all: string, lastKnown: string | null) =>
    `${hosts} hosts, ${running} of ${all} virtual machines running` +
    (lastKnown === null ? '' : `, ${lastKnown} last known`),
  /** The names of facts and columns. */
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
