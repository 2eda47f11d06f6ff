export const treeTexts = {
  title: 'Fleet',
  overview: 'Overview',
  allVms: 'Virtual machines',
  hosts: 'Hosts',
  clusters: 'Clusters',
  standalone: 'Stand-alone hosts',
  unreachable: 'just now',
  loading: 'Loading…',
  noVms: 'No virtual machines',
  more: (count: number) => `${count} more…`,
  failed: 'Could not be loaded',
};
