import type { Vm } from '@aether-v/types';
import { isSameHost } from '../common/host-name.ts';
import { ProblemError } from '../problems/problem-error.ts';

/** Advice for a caller whose name matches several VMs. */
export interface NameAdvice {
  /** The way to name the host; the hosts follow. */
  readonly byHost: string;
  /** The way to name the VM if the name occurs several times on one host. */
  readonly byId: string;
}

/** The maximum number of candidates in a response. */
const maxCandidates = 20;

/**
 * Returns the VM with this name. Names are compared exactly, as the VM controller did.
 *
 * @param wanted Its name, and the name or id of a host, which selects one of several VMs with the same name.
 * @throws ProblemError `not-found`, or `ambiguous-name` with the candidates.
 */
export function findVm(
  vms: readonly Readonly<Vm>[],
  { name, host }: { readonly name: string; readonly host: string | undefined },
  advice: NameAdvice,
): Readonly<Vm> {
  const named = vms.filter((vm) => vm.name === name && isOnHost(vm, host));
  const [vm, ...others] = named;
  if (vm === undefined) {
    const place = host === undefined ? '' : ` on the host '${host}'`;
    throw new ProblemError('not-found', `VM '${name}' not found${place}.`);
  }
  if (others.length === 0) return vm;
  const candidates = named
    .map(({ id, hostName }) => ({ id, host: hostName }))
    .sort((a, b) => (a.host < b.host ? -1 : 1))
    .slice(0, maxCandidates);
  const isOneHost = new Set(named.map(({ hostId }) => hostId)).size === 1;
  const hosts = [...new Set(candidates.map((one) => one.host))].join(', ');
  const way = isOneHost ? advice.byId : `${advice.byHost} ${hosts}.`;
  throw new ProblemError('ambiguous-name', `${named.length} VMs are named '${name}'. ${way}`, { candidates });
}

/** Returns whether a VM is on a host; true if no host is given. */
export function isOnHost(
  { hostId, hostName }: Pick<Vm, 'hostId' | 'hostName'>,
  host: string | undefined,
): boolean {
  return host === undefined || hostId === host || isSameHost(hostName, host);
}
