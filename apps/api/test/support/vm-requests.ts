import type { VmCommandName, VmFacts } from '@aether-v/types';
import type { Response } from 'light-my-request';
import { disk, guid } from './facts.ts';
import type { Query, TestApp } from './test-app.ts';

/** A request for a command, relative to the address of its VM. */
interface VmRequest {
  readonly method: 'POST' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly body?: object;
  readonly query?: Query;
}

const diskPath = 'C:\\VMs\\web1.vhdx';
const diskId = 'scsi-0-0';
const adapterId = guid(0xada);
const checkpointId = guid(0xc4e);

/** The parts of a VM that `vmRequests` names. */
export const namedParts = {
  disks: [disk(diskPath, { id: diskId })],
  dvdDrives: [
    { id: 'scsi-0-1', controllerType: 'SCSI', controllerNumber: 0, controllerLocation: 1, path: null },
  ],
  networkAdapters: [
    {
      id: adapterId,
      name: 'Network Adapter',
      legacy: false,
      switchName: null,
      connected: false,
      vlan: { mode: 'Untagged', accessVlanId: null, nativeVlanId: null, allowedVlanIds: null },
      macAddress: '00155D000001',
      dynamicMacAddress: true,
      addresses: [],
    },
  ],
  checkpoints: [
    {
      id: checkpointId,
      parentId: null,
      name: 'before the update',
      type: 'Production',
      automatic: false,
      createdAt: '2026-01-01T00:00:00Z',
      current: true,
    },
  ],
} as const satisfies Partial<VmFacts>;

const adapter = `/network-adapters/${adapterId}`;
const checkpoint = `/checkpoints/${checkpointId}`;

/** A valid request for each command, about a VM named `web1` with `namedParts`. */
export const vmRequests: Readonly<Record<VmCommandName, VmRequest>> = {
  'vm.start': { method: 'POST', path: '/start' },
  'vm.shutdown': { method: 'POST', path: '/shutdown' },
  'vm.stop': { method: 'POST', path: '/stop' },
  'vm.restart': { method: 'POST', path: '/restart' },
  'vm.reset': { method: 'POST', path: '/reset' },
  'vm.save': { method: 'POST', path: '/save' },
  'vm.pause': { method: 'POST', path: '/pause' },
  'vm.resume': { method: 'POST', path: '/resume' },
  'vm.update': { method: 'PATCH', path: '', body: { notes: 'changed' } },
  'vm.delete': { method: 'DELETE', path: '', query: { name: 'web1', force: true } },
  'vm.move': { method: 'POST', path: '/move', body: { targetHostId: null } },
  'vm.addClusterRole': { method: 'POST', path: '/cluster-role' },
  'vm.removeClusterRole': { method: 'DELETE', path: '/cluster-role' },
  'disk.create': { method: 'POST', path: '/disks', body: { disk: { sizeBytes: 2 ** 30, type: 'Dynamic' } } },
  'disk.attach': { method: 'POST', path: '/disks/attach', body: { path: 'C:\\VMs\\other.vhdx' } },
  'disk.detach': { method: 'POST', path: `/disks/${diskId}/detach`, body: { path: diskPath } },
  'disk.grow': {
    method: 'POST',
    path: `/disks/${diskId}/grow`,
    body: { path: diskPath, sizeBytes: 2 ** 36 },
  },
  'disk.delete': { method: 'DELETE', path: `/disks/${diskId}`, query: { path: diskPath } },
  'dvd.insert': { method: 'POST', path: '/dvd/insert', body: { iso: 'setup.iso' } },
  'dvd.eject': { method: 'POST', path: '/dvd/eject', body: { driveId: 'scsi-0-1' } },
  'adapter.add': { method: 'POST', path: '/network-adapters', body: { network: null, macAddress: null } },
  'adapter.remove': { method: 'DELETE', path: adapter },
  'adapter.connect': { method: 'POST', path: `${adapter}/connect`, body: { network: null } },
  'adapter.setMac': { method: 'POST', path: `${adapter}/mac`, body: { macAddress: null } },
  'checkpoint.create': { method: 'POST', path: '/checkpoints', body: {} },
  'checkpoint.apply': { method: 'POST', path: `${checkpoint}/apply`, body: {} },
  'checkpoint.rename': { method: 'PATCH', path: checkpoint, body: { name: 'renamed' } },
  'checkpoint.delete': { method: 'DELETE', path: checkpoint },
};

/** Sends the request for a command to a VM. */
export function sendVmRequest(
  app: Pick<TestApp, 'post' | 'patch' | 'delete'>,
  vmId: string,
  command: VmCommandName,
  headers: Record<string, string> = {},
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<Response> {
  const { method, path, body = {}, query = {} } = vmRequests[command];
  const plain = `/api/v1/vms/${vmId}${path}`;
  if (method === 'DELETE') return app.delete(plain, dryRun ? { ...query, dryRun } : query, headers);
  const url = dryRun ? `${plain}?dryRun=true` : plain;
  return method === 'PATCH' ? app.patch(url, body, headers) : app.post(url, body, headers);
}
