import type { CommandRequest, Vm, VmCommandName } from '@aether-v/types';
import type { Caller } from '../commands/caller.decorator.ts';
import type { KeyedRequest } from '../jobs/idempotency.ts';
import type { ProblemError } from '../problems/problem-error.ts';

interface Ordered<C extends VmCommandName> {
  readonly command: C;
  readonly vmId: string;
  /** The request of the command's operation, without its VM. */
  readonly options: Omit<CommandRequest<C>, 'vmId'>;
  readonly caller: Caller;
  /** True if states that the table excludes are accepted as well; absent if the caller has no choice. */
  readonly inAnyState?: boolean;
  /** Returns a refusal that depends on more than the options. */
  readonly check?: (vm: Readonly<Vm>) => ProblemError | null;
  /** Returns further fields of the request, from the VM at the time of acceptance. */
  readonly complete?: (vm: Readonly<Vm>) => Partial<CommandRequest<C>>;
  /** The precondition of the request, which its idempotency key identifies in addition to the options. */
  readonly ifMatch?: string;
  /** The request as its idempotency key identifies it, if not by the VM and the options. */
  readonly keyed?: KeyedRequest | undefined;
}

/** A caller's request for a VM command. */
export type VmCommandOrder = { [C in VmCommandName]: Ordered<C> }[VmCommandName];
