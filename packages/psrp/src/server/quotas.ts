import type { FaultName } from '../wsman/index.ts';

/** Quotas of an endpoint. */
export interface EndpointQuotas {
  /** MaxShellsPerUser: shells of one account. */
  readonly shellsPerUser: number;
  /** MaxShells: shells of all accounts. */
  readonly shells: number;
  /** MaxConcurrentUsers: accounts with at least one shell. */
  readonly users: number;
  /** MaxConcurrentOperationsPerUser: pending requests of one account. */
  readonly operationsPerUser: number;
  /**
   * PSRP: MaxConcurrentCommandsPerShell, commands that were not signalled to terminate. WinRS: MaxProcessesPerShell,
   * running commands.
   */
  readonly commandsPerShell: number;
}

/** Default quotas of an endpoint, and the fault for exceeding each. */
interface QuotaRules {
  readonly limits: EndpointQuotas;
  readonly faults: Readonly<Record<keyof EndpointQuotas, FaultName>>;
}

/**
 * Quotas of Windows Server 2012 R2 and later, by kind of endpoint: those of the plugin microsoft.powershell, those of
 * winrm/config/winrs, and MaxConcurrentOperationsPerUser of winrm/config/service. The faults are from MS-WSMV
 * 3.1.4.5.2.1 and wsmerror.h (ERROR_WSMAN_QUOTA_MAX_*, for plugins *_PPQ).
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
