import { sagaHandler } from './saga.ts';
import { createVm } from './vm-create.ts';
import { deleteVm } from './vm-delete.ts';
import { updateVm } from './vm-update.ts';

/** Operations on VMs as a whole. */
export const vmOperations = {
  'vm.create': sagaHandler<'vm.create'>(createVm),
  'vm.update': sagaHandler<'vm.update'>(updateVm),
  'vm.delete': sagaHandler<'vm.delete'>(deleteVm),
};
