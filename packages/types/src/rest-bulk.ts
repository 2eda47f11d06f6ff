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
      description: 'The name that the VM must have, as a confirmation. Required for deletions.',
    }),
  },
  strict,
);

/** The request body for running one command on several VMs. */
export const BulkRequest = Type.Object(
  {
    command: oneOf(bulkCommands),
    vms: Type.Array(BulkTarget, {
      minItems: 1,
      maxItems: maxBulkVms,
      description: 'The VMs, each once, on any hosts.',
    }),
    force: Type.Optional(Type.Boolean({ description: 'For shutdowns and deletions, as for a single VM.' })),
    deleteDisks: Type.Optional(
      Type.Boolean({
        description: 'For deletions: also deletes the files of the VMs, except those that other VMs need.',
      }),
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
        description: 'For checkpoints. Default: Hyper-V names each after its VM and the time.',
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
      description: 'The job, with one child for each VM that was accepted.',
    }),
    refused: Type.Array(RefusedVm, {
      maxItems: maxBulkVms,
      description:
        'The VMs that were refused, in the order of the request; empty if the request repeats an earlier one.',
    }),
  },
  { $id: 'BulkAccepted' },
);

/** A command that can be sent to several VMs. */
export type BulkCommand = (typeof bulkCommands)[number];
/** A VM of a bulk request. */
export type BulkTarget = Static<typeof BulkTarget>;
/** The request body for running one command on several VMs. */
export type BulkRequest = Static<typeof BulkRequest>;
/** The response to an accepted bulk request. */
export type BulkAccepted = Static<typeof BulkAccepted>;
