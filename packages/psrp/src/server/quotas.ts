import type { FaultName } from '../wsman/index.ts';

/** How much an endpoint allows. */
export interface EndpointQuotas {
  /** MaxShellsPerUser. */
  readonly shellsPerUser: number;
  /** MaxShells, of all users together. */
  readonly shells: number;
  /** MaxConcurrentUsers: accounts that have shells. */
  readonly users: number;
  /** MaxConcurrentOperationsPerUser: requests of an account that are not answered yet. */
  readonly operationsPerUser: number;
  /**
   * PSRP: MaxConcurrentCommandsPerShell, of those that were not signalled to terminate. WinRS: MaxProcessesPerShell, of
   * those that run.
   */
  readonly commandsPerShell: number;
}

/** What an endpoint allows unless told otherwise, and the faults by which it says that it does not. */
interface QuotaRules {
  readonly limits: EndpointQuotas;
  readonly faults: Readonly<Record<keyof EndpointQuotas, FaultName>>;
}

/**
 * As on Windows Server 2012 R2 and later: the quotas of the plugin microsoft.powershell, those of winrm/config/winrs and
 * MaxConcurrentOperationsPerUser of winrm/config/service. The faults are MS-WSMV 3.1.4.5.2.1's and wsmerror.h's
 * (ERROR_WSMAN_QUOTA_MAX_*, for plugins *_PPQ).
 */
export const endpointQuotaRules = {
  powerShell: {
    limits: {
      shellsPerUser: 25,
      shells: 25,
      users: 5,
      operationsPerUser: 1_000,
      commandsPerShell: 1_000,
    },
    faults: {
      shellsPerUser: 'endpointShellQuota',
      shells: 'endpointTotalShellQuota',
      users: 'endpointUserQuota',
      operationsPerUser: 'userOperationQuota',
      commandsPerShell: 'commandQuota',
    },
  },
  commandShell: {
    limits: {
      shellsPerUser: 30,
      shells: Number.POSITIVE_INFINITY,
      users: 10,
      operationsPerUser: 1_500,
      commandsPerShell: 25,
    },
    faults: {
      shellsPerUser: 'shellQuota',
      shells: 'shellQuota',
      users: 'shellUserQuota',
      operationsPerUser: 'operationQuota',
      commandsPerShell: 'processQuota',
    },
  },
} as const satisfies Record<'powerShell' | 'commandShell', QuotaRules>;
