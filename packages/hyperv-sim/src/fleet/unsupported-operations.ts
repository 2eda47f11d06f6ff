import type { OperationName } from '@aether-v/types';
import type { OperationHandler } from './operation-context.ts';
import { OperationFailure } from './operation-failure.ts';

/** Operations of the contract that simulated hosts refuse. */
const unsupported = [
  'host.resources',
  'vm.create',
  'vm.update',
  'vm.delete',
  'disk.create',
  'disk.attach',
  'disk.detach',
  'disk.grow',
  'disk.delete',
  'dvd.insert',
  'dvd.eject',
  'adapter.add',
  'adapter.remove',
  'adapter.connect',
  'adapter.setMac',
  'checkpoint.create',
  'checkpoint.list',
  'checkpoint.apply',
  'checkpoint.rename',
  'checkpoint.delete',
  'cluster.addVm',
  'cluster.removeVm',
  'cluster.moveVm',
] as const satisfies readonly OperationName[];

type Unsupported = (typeof unsupported)[number];

function refusal(op: OperationName): OperationHandler<OperationName> {
  return () => {
    throw new OperationFailure('not-supported', `Simulated hosts do not carry out ${op}.`);
  };
}

/** Their handlers. */
export const unsupportedOperations = Object.fromEntries(
  unsupported.map((op) => [op, refusal(op)]),
) as unknown as { readonly [N in Unsupported]: OperationHandler<N> };
