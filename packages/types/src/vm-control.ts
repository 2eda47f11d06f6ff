import { Type, type Static } from 'typebox';
import { oneOf } from './enum.ts';
import { Job } from './job.ts';

/** The actions of the VM control API. */
export const vmControlActions = ['start', 'shutdown', 'restart'] as const;

/** An action of the VM control API. */
export type VmControlAction = (typeof vmControlActions)[number];

/** The response to `GET /vm/list`. */
export const VmControlList = Type.Object(
  { vms: Type.Array(Type.String({ description: 'The name of a VM.' })) },
  { $id: 'VmControlList' },
);

/** The response to an action of the VM control API. It contains the job only if the action is not complete. */
export const VmControlResult = Type.Object(
  {
    status: oneOf(['success', 'accepted']),
    vm: Type.String(),
    action: oneOf(vmControlActions),
    output: Type.String({ description: 'A sentence for people.' }),
    job: Type.Optional(Job),
  },
  { $id: 'VmControlResult' },
);

/** The response to `GET /vm/list`. */
export type VmControlList = Static<typeof VmControlList>;
/** The response to an action of the VM control API. */
export type VmControlResult = Static<typeof VmControlResult>;
