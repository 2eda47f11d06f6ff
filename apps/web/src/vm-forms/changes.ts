import {
  addAdapter,
  addClusterRole,
  applyCheckpoint,
  attachDisk,
  connectAdapter,
  createCheckpoint,
  createDisk,
  deleteCheckpoint,
  deleteDisk,
  deleteVm,
  detachDisk,
  ejectDvd,
  growDisk,
  insertDvd,
  moveVm,
  removeAdapter,
  removeClusterRole,
  renameCheckpoint,
  setMac,
  updateVm,
} from '@aether-v/api-client';
import type {
  AddAdapterRequest,
  AttachDiskRequest,
  ConnectAdapterRequest,
  CreateDiskRequest,
  DeleteDiskQuery,
  DeleteVmQuery,
  DetachDiskRequest,
  EjectDvdRequest,
  GrowDiskRequest,
  InsertDvdRequest,
  Job,
  JobAccepted,
  MoveVmRequest,
  Plan,
  SetMacRequest,
  UpdateVmRequest,
} from '@aether-v/types';
import { jobOf } from '../fleet/api.ts';
import { ask, askToAct, type Answer } from '../fleet/ask.ts';

interface OfDisk {
  readonly diskId: string;
}
interface OfAdapter {
  readonly adapterId: string;
}
interface OfCheckpoint {
  readonly checkpointId: string;
}

/** The options of each change of a VM. */
interface ChangeOptions {
  readonly 'vm.update': { readonly changes: UpdateVmRequest; readonly etag: string | null };
  readonly 'vm.delete': Pick<DeleteVmQuery, 'name' | 'force' | 'deleteDisks'>;
  readonly 'vm.move': MoveVmRequest;
  readonly 'vm.addClusterRole': object;
  readonly 'vm.removeClusterRole': object;
  readonly 'disk.create': CreateDiskRequest;
  readonly 'disk.attach': AttachDiskRequest;
  readonly 'disk.detach': OfDisk & DetachDiskRequest;
  readonly 'disk.grow': OfDisk & GrowDiskRequest;
  readonly 'disk.delete': OfDisk & Pick<DeleteDiskQuery, 'path'>;
  readonly 'dvd.insert': InsertDvdRequest;
  readonly 'dvd.eject': EjectDvdRequest;
  readonly 'adapter.add': AddAdapterRequest;
  readonly 'adapter.remove': OfAdapter;
  readonly 'adapter.connect': OfAdapter & ConnectAdapterRequest;
  readonly 'adapter.setMac': OfAdapter & SetMacRequest;
  readonly 'checkpoint.create': { readonly name: string | null };
  readonly 'checkpoint.apply': OfCheckpoint & { readonly force: boolean };
  readonly 'checkpoint.rename': OfCheckpoint & { readonly name: string };
  readonly 'checkpoint.delete': OfCheckpoint & { readonly subtree: boolean };
}

/** The name of a command that changes a VM with options. */
export type ChangeName = keyof ChangeOptions;

/** A change of a VM with its options: a plain value, so that equal changes have equal JSON. */
export type VmChange = {
  readonly [N in ChangeName]: {
    readonly command: N;
    readonly vmId: string;
    readonly options: ChangeOptions[N];
  };
}[ChangeName];

interface Sent {
  readonly path: { readonly vmId: string };
  readonly query: { readonly dryRun?: true };
  readonly headers: { readonly 'Idempotency-Key'?: string };
  readonly signal: AbortSignal;
}

type Call<N extends ChangeName> = (
  options: ChangeOptions[N],
  sent: Sent,
) => Promise<Answer<JobAccepted | Plan>>;

const calls: { readonly [N in ChangeName]: Call<N> } = {
  'vm.update': ({ changes, etag }, sent) =>
    updateVm({
      ...sent,
      body: changes,
      headers: { ...sent.headers, ...(etag !== null && { 'if-match': etag }) },
    }),
  'vm.delete': (options, { query, ...sent }) => deleteVm({ ...sent, query: { ...query, ...options } }),
  'vm.move': (body, sent) => moveVm({ ...sent, body }),
  'vm.addClusterRole': (_, sent) => addClusterRole({ ...sent, body: {} }),
  'vm.removeClusterRole': (_, sent) => removeClusterRole({ ...sent }),
  'disk.create': (body, sent) => createDisk({ ...sent, body }),
  'disk.attach': (body, sent) => attachDisk({ ...sent, body }),
  'disk.detach': ({ diskId, ...body }, { path, ...sent }) =>
    detachDisk({ ...sent, path: { ...path, diskId }, body }),
  'disk.grow': ({ diskId, ...body }, { path, ...sent }) =>
    growDisk({ ...sent, path: { ...path, diskId }, body }),
  'disk.delete': ({ diskId, ...options }, { path, query, ...sent }) =>
    deleteDisk({ ...sent, path: { ...path, diskId }, query: { ...query, ...options } }),
  'dvd.insert': (body, sent) => insertDvd({ ...sent, body }),
  'dvd.eject': (body, sent) => ejectDvd({ ...sent, body }),
  'adapter.add': (body, sent) => addAdapter({ ...sent, body }),
  'adapter.remove': ({ adapterId }, { path, ...sent }) =>
    removeAdapter({ ...sent, path: { ...path, adapterId } }),
  'adapter.connect': ({ adapterId, ...body }, { path, ...sent }) =>
    connectAdapter({ ...sent, path: { ...path, adapterId }, body }),
  'adapter.setMac': ({ adapterId, ...body }, { path, ...sent }) =>
    setMac({ ...sent, path: { ...path, adapterId }, body }),
  'checkpoint.create': (body, sent) => createCheckpoint({ ...sent, body }),
  'checkpoint.apply': ({ checkpointId, ...body }, { path, ...sent }) =>
    applyCheckpoint({ ...sent, path: { ...path, checkpointId }, body }),
  'checkpoint.rename': ({ checkpointId, ...body }, { path, ...sent }) =>
    renameCheckpoint({ ...sent, path: { ...path, checkpointId }, body }),
  'checkpoint.delete': ({ checkpointId, subtree }, { path, query, ...sent }) =>
    deleteCheckpoint({
      ...sent,
      path: { ...path, checkpointId },
      query: { ...query, ...(subtree && { subtree }) },
    }),
};

function call(
  { command, vmId, options }: VmChange,
  query: Sent['query'],
  headers: Sent['headers'],
  signal: AbortSignal,
): Promise<Answer<JobAccepted | Plan>> {
  // The type of the options follows from the command, which TypeScript does not see in a union.
  const send = calls[command] as Call<ChangeName>;
  return send(options, { path: { vmId }, query, headers, signal });
}

/** Sends a change and returns its job. A change with the key of an accepted one returns the job of that one. */
export async function sendChange(change: VmChange, key: string): Promise<Job> {
  const headers = { 'Idempotency-Key': key };
  return jobOf((await askToAct((signal) => call(change, {}, headers, signal))).data);
}

/** Checks a change without carrying it out. */
export async function planChange(change: VmChange, signal: AbortSignal): Promise<Plan> {
  const { data } = await ask((within) => call(change, { dryRun: true }, {}, within), signal);
  if ('job' in data) throw new Error('The service answered a dry run with a job.');
  return data;
}
