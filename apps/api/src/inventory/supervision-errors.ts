import { contractVersion, maxVmsPerHost, type AgentInfo } from '@aether-v/types';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';

/** What to show of an error. An open breaker says less than what opened it. */
export function asFailure(error: unknown): HostOperationError {
  if (!(error instanceof HostOperationError)) {
    const message = error instanceof Error ? error.message : String(error);
    return new HostOperationError('internal', message, { began: true, cause: error });
  }
  return error.code === 'breaker-open' && error.cause instanceof HostOperationError ? error.cause : error;
}

/** The agent belongs to another version of the service. */
export function otherContract({ contract, agentVersion }: AgentInfo): HostOperationError {
  return new HostOperationError(
    'not-supported',
    `The agent on the host (version ${agentVersion}) speaks contract ${String(contract)}; this service speaks ${String(contractVersion)}.`,
    { began: true, remedy: 'Install the agent that matches this version of the service.' },
  );
}

/** The host gives an id that another address has: it is configured twice, or it says that it is another host. */
export function secondAddress({ hostId }: AgentInfo, holder: string): HostOperationError {
  return new HostOperationError(
    'contract-violation',
    `This host reports the id ${hostId}, which belongs to the host at ${holder}.`,
    {
      began: true,
      remedy:
        'If both addresses belong to one host, remove one of them from HYPERV_HOSTS. Otherwise find out why this host reports the id of the other. For a host with a new address, remove the old entry or configure the host by its name.',
    },
  );
}

/** Who answers at the name of a cluster is no node of one. */
export function noCluster(clusterName: string, hostName: string): HostOperationError {
  return new HostOperationError(
    'not-found',
    `${hostName} answers at the cluster name ${clusterName} but is not in a cluster.`,
    {
      began: true,
      remedy:
        'Check the name in HYPERV_HOSTS, and whether the cluster service runs. Configure a host that is not in a cluster without cluster:.',
    },
  );
}

/** The host lives, and its first read does not end. */
export function notRead(milliseconds: number): HostOperationError {
  return new HostOperationError(
    'host-timeout',
    `The host's agent responds, but did not complete its first read within ${String(milliseconds / 1000)} s.`,
    { began: true, remedy: 'Check whether the Hyper-V services of the host (vmms, WMI) respond.' },
  );
}

/** The host names VMs without end. */
export function tooManyVms(): HostOperationError {
  return new HostOperationError(
    'contract-violation',
    `The host lists more VMs than a host can have (${String(maxVmsPerHost)}).`,
    { began: true },
  );
}

/** The host lost VMs on the way. */
export function incomplete(told: number, seen: number): HostOperationError {
  return new HostOperationError(
    'contract-violation',
    `The host counted ${String(told)} VMs and listed ${String(seen)}.`,
    { began: true },
  );
}
