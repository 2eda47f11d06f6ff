import { contractVersion, maxVmsPerHost, type AgentInfo } from '@aether-v/types';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';

/** Returns the failure to show for an error. For an open circuit breaker that is the error which opened it. */
export function asFailure(error: unknown): HostOperationError {
  if (!(error instanceof HostOperationError)) {
    const message = error instanceof Error ? error.message : String(error);
    return new HostOperationError('internal', message, { began: true, cause: error });
  }
  return error.code === 'host-unavailable' && error.cause instanceof HostOperationError ? error.cause : error;
}

/** Returns the failure of an agent that belongs to another version of the service. */
export function otherContract({ contract, agentVersion }: AgentInfo): HostOperationError {
  return new HostOperationError(
    'not-supported',
    `The host’s agent (version ${agentVersion}) uses contract ${String(contract)}; this service requires contract ${String(contractVersion)}.`,
    { began: true, remedy: 'Install the agent that matches this version of the service.' },
  );
}

/**
 * Returns the failure of a host that reports the id of another address: it is configured twice, or reports a wrong id.
 */
export function secondAddress({ hostId }: AgentInfo, holder: string): HostOperationError {
  return new HostOperationError(
    'contract-violation',
    `This host reports the id ${hostId}, which belongs to the host at ${holder}.`,
    {
      began: true,
      remedy:
        'If both addresses belong to one host, remove one of them from HYPERV_HOSTS. Otherwise find out why this host reports the other host’s id. For a host with a new address, remove the old entry or configure the host by its name.',
    },
  );
}

/** Returns the failure of a cluster name at which a host answers that is not a cluster node. */
export function noCluster(clusterName: string, hostName: string): HostOperationError {
  return new HostOperationError(
    'not-found',
    `${hostName} answers at the cluster name ${clusterName} but is not in a cluster.`,
    {
      began: true,
      remedy:
        'Check the name in HYPERV_HOSTS, and whether the cluster service is running. If the host is not in a cluster, configure it without the prefix cluster:.',
    },
  );
}

/** Returns the failure of a responsive host that does not complete its first read. */
export function notRead(milliseconds: number): HostOperationError {
  return new HostOperationError(
    'host-timeout',
    `The host’s agent responds, but did not complete its first read within ${String(milliseconds / 1000)} s.`,
    { began: true, remedy: 'Check whether the host’s Hyper-V services (vmms, WMI) respond.' },
  );
}

/** Returns the failure of a host that lists an implausible number of VMs. */
export function tooManyVms(): HostOperationError {
  return new HostOperationError(
    'contract-violation',
    `The host lists more VMs than a host can have (${String(maxVmsPerHost)}).`,
    { began: true },
  );
}

/** Returns the failure of a host whose VMs did not all arrive. */
export function incomplete(told: number, seen: number): HostOperationError {
  return new HostOperationError(
    'contract-violation',
    `The host reported ${String(told)} VMs but listed ${String(seen)}.`,
    { began: true },
  );
}
