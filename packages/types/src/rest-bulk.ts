import { Type, type Static } from 'typebox';
import { nullable, oneOf } from './enum.ts';
import { RefusedVm } from './errors.ts';
import { Job, maxChildren } from './job.ts';
import { DisplayName } from './names.ts';
import { strict } from './operation-schema.ts';
import { HostId, Text } from './scalars.ts';

/** The maximum number of VMs in a bulk request. */
export const maxBulkVms = maxChildren;

/** The commands that can be sent to several VMs in one request. */
export const bulkCommands = [
  'vm.start',
  'vm.shutdown',
  'vm.stop',
  'vm.restart',
  'vm.reset',
  'vm.save',
  'vm.pause',
  'vm.resume',
  'vm.delete',
  'vm.move',
  'checkpoint.create',
] as const;

/** A VM of a bulk request. */
export const BulkTarget = Type.Object(
  {
    vmId: Type.String({ minLength: 1, maxLength: 300 }),
    name: Type.Optional({
      ...Text,
      description: 'The name that the VM must have, as confirmation. Required for deletions.',
    }),
  },
  strict,
);

/** The body of a command for several VMs. */
export const BulkRequest = Type.Object(
  {
    command: oneOf(bulkCommands),
    vms: Type.Array(BulkTarget, {
      minItems: 1,
      maxItems: maxBulkVms,
      description: 'Different VMs, on any hosts.',
    }),
    force: Type.Optional(Type.Boolean({ description: 'For shutdown and deletion, as for a single VM.' })),
    deleteDisks: Type.Optional(
      Type.Boolean({ description: 'For deletions: also deletes the files, except those that others need.' }),
    ),
    targetHostId: Type.Optional(
      nullable({
        ...HostId,
        description: 'For moves: a node of the cluster. Default: the node with the fewest roles.',
      }),
    ),
    checkpointName: Type.Optional(
      nullable({
        ...DisplayName,
        description: 'For checkpoints. Default: the name of the VM and the time, by Hyper-V.',
      }),
    ),
  },
  { ...strict, $id: 'BulkRequest' },
);

/** The response to an accepted bulk request. */
export const BulkAccepted = Type.Object(
  {
    // Unsafe: TypeScript 6 writes the error codes of a spread of this size as `never` into the declarations.
    job: Type.Unsafe<Job>({
      ...Job,
      description: 'The job, with one child for each VM that is not refused.',
    }),
    refused: Type.Array(RefusedVm, {
      maxItems: maxBulkVms,
      description:
        'The VMs that are left out, in the order of the request; empty if the request is a repetition.',
    }),
  },
  { $id: 'BulkAccepted' },
);

/** A command that can be sent to several VMs. */
export type BulkCommand = (typeof bulkCommands)[number];
/** A VM of a bulk request. */
export type BulkTarget = Static<typeof BulkTarget>;
/** The body of a command for several VMs. */
export type BulkRequest = Static<typeof BulkRequest>;
/** The response to an accepted bulk request. */
export type BulkAccepted = Static<typeof BulkAccepted>;
