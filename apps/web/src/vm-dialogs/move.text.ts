import { formatBytes } from '../components/format.ts';

export const moveTexts = {
  title: (vm: string) => `Move ${vm}`,
  live: 'The virtual machine keeps running while it moves. The guest is usually interrupted for less than a second.',
  stopped: 'It does not run, so only its role moves.',
  node: 'Move to',
  cluster: 'Let the cluster choose',
  free: (node: string, bytes: number | null) =>
    bytes === null ? node : `${node}: ${formatBytes(bytes)} of memory free`,
  here: 'it is here',
  noMemory: 'not enough memory',
  nodeState: (word: string) => word.toLowerCase(),
  unreachable: 'unreachable',
  measuring: 'Free memory is being measured.',
  submit: (vm: string, node: string | null) => (node === null ? `Move ${vm}` : `Move ${vm} to ${node}`),

  addRoleTitle: (vm: string, cluster: string) => `Add ${vm} to ${cluster}`,
  addRole: (cluster: string) => `Add to ${cluster}`,
  addRoleBody:
    'The cluster then restarts the virtual machine on another node if its node fails, and can move it. Its files must be on a shared volume.',
  removeRoleTitle: (vm: string, cluster: string) => `Remove ${vm} from ${cluster}`,
  removeRole: (cluster: string) => `Remove from ${cluster}`,
  removeRoleBody: (host: string) =>
    `The virtual machine stays on ${host} and keeps running. If the node fails, the cluster no longer restarts it elsewhere.`,
};
