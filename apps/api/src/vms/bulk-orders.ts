import type { BulkCommand, BulkRequest, BulkTarget } from '@aether-v/types';
import type { Caller } from '../commands/caller.decorator.ts';
import { validationFailed, type FieldError } from '../problems/problem-error.ts';
import type { VmCommandOrder } from './vm-command-order.ts';
import { deletionOrder, nameRefusal } from './vm-deletion.service.ts';

/** The options of a bulk request that apply to some commands only. */
const optionNames = ['force', 'deleteDisks', 'targetHostId', 'checkpointName'] as const;

type Option = (typeof optionNames)[number];
type Simple = Exclude<BulkCommand, 'vm.shutdown' | 'vm.delete' | 'vm.move' | 'checkpoint.create'>;

/** A command of bulk requests: its options, and the command for one VM. */
interface BulkRow {
  readonly options: readonly Option[];
  /** True if every VM must be confirmed by its name. */
  readonly needsName?: true;
  readonly order: (target: BulkTarget, request: BulkRequest, caller: Caller) => VmCommandOrder;
}

function simple(command: Simple): BulkRow {
  return { options: [], order: (target, _, caller) => ({ command, ...common(target, caller), options: {} }) };
}

const rows: Readonly<Record<BulkCommand, BulkRow>> = {
  'vm.start': simple('vm.start'),
  'vm.shutdown': {
    options: ['force'],
    order: (target, { force = false }, caller) => {
      return { command: 'vm.shutdown', ...common(target, caller), options: { force } };
    },
  },
  'vm.stop': simple('vm.stop'),
  'vm.restart': simple('vm.restart'),
  'vm.reset': simple('vm.reset'),
  'vm.save': simple('vm.save'),
  'vm.pause': simple('vm.pause'),
  'vm.resume': simple('vm.resume'),
  'vm.delete': {
    options: ['force', 'deleteDisks'],
    needsName: true,
    order: ({ vmId, name = '' }, { force = false, deleteDisks = false }, caller) =>
      deletionOrder(vmId, { name, force, deleteDisks }, caller),
  },
  'vm.move': {
    options: ['targetHostId'],
    order: (target, { targetHostId = null }, caller) => {
      return { command: 'vm.move', ...common(target, caller), options: { targetHostId } };
    },
  },
  'checkpoint.create': {
    options: ['checkpointName'],
    order: (target, { checkpointName: name = null }, caller) => {
      return { command: 'checkpoint.create', ...common(target, caller), options: { name } };
    },
  },
};

function common(
  { vmId, name }: BulkTarget,
  caller: Caller,
): Pick<VmCommandOrder, 'vmId' | 'caller' | 'check'> {
  return { vmId, caller, check: (vm) => (name === undefined ? null : nameRefusal(vm, name)) };
}

/**
 * Returns the commands of a bulk request, one for each VM, in its order.
 *
 * @throws ProblemError if a VM occurs twice, a confirmation is missing, or an option does not apply to the command.
 */
export function bulkOrders(request: BulkRequest, caller: Caller): VmCommandOrder[] {
  const { command, vms } = request;
  const { options, needsName = false, order } = rows[command];
  const errors: FieldError[] = optionNames
    .filter((name) => request[name] !== undefined && !options.includes(name))
    .map((field) => ({ field, message: `does not apply to ${command}` }));
  const seen = new Map<string, number>();
  for (const [index, { vmId, name }] of vms.entries()) {
    const first = seen.get(vmId);
    if (first !== undefined) errors.push({ field: `vms.${index}.vmId`, message: `is that of vms.${first}` });
    else seen.set(vmId, index);
    if (needsName && name === undefined) {
      errors.push({ field: `vms.${index}.name`, message: `is required for ${command}` });
    }
  }
  if (errors.length > 0) throw validationFailed(errors);
  return vms.map((target) => order(target, request, caller));
}
