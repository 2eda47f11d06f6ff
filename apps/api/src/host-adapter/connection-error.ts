import { PipelineFailedError, PsrpError } from '@aether-v/psrp/core';
import { WsmanError, type WsmanErrorCode } from '@aether-v/psrp/client';
import { authenticationMeaning } from './authentication-meaning.ts';
import { HostOperationError } from './host-operation-error.ts';
import type { Meaning } from './meaning.ts';
import { tlsMeaning } from './tls-meaning.ts';

/** What each failure of WS-Management means to whoever runs the fleet. */
const meanings = {
  unreachable: {
    code: 'host-unreachable',
    says: 'The host cannot be reached.',
    remedy:
      'Check its name, that it is switched on, and that the network lets WinRM (ports 5985, 5986) through.',
  },
  refused: {
    code: 'host-unreachable',
    says: 'The host refuses connections to WinRM.',
    remedy: 'Check the port, and run Enable-PSRemoting on the host.',
  },
  insecure: {
    code: 'host-unreachable',
    says: 'The password would travel readably.',
    remedy: 'Use https:// or auth=ntlm, or in a laboratory WINRM_ALLOW_PLAIN_HTTP=true.',
  },
  'connection-lost': {
    code: 'host-unreachable',
    says: 'The connection to the host was lost.',
    remedy: 'Check the network between, and whether the host or its WinRM service restarted.',
  },
  timeout: {
    code: 'host-timeout',
    says: 'The host accepted a request and did not answer it.',
    remedy: 'Check the load of the host, and its WinRM service.',
  },
  'access-denied': {
    code: 'access-denied',
    says: 'The host does not accept the credentials, or not in this way.',
    remedy:
      'Check WINRM_USERNAME and WINRM_PASSWORD, and what the host accepts (winrm get winrm/config/service/auth).',
  },
  'no-endpoint': {
    code: 'host-unreachable',
    says: 'The host has no such PowerShell endpoint.',
    remedy:
      'Check the path (usually /wsman) and the name of the endpoint configuration, and run Enable-PSRemoting on the host.',
  },
  quota: {
    code: 'host-unreachable',
    says: 'The host has no room for another session or operation of this account.',
    remedy:
      'Close sessions that nobody needs (winrm enumerate shell), or raise the quotas of WinRM on the host: MaxShellsPerUser, MaxConcurrentOperationsPerUser, MaxConcurrentUsers.',
  },
  'too-large': {
    code: 'agent-error',
    says: 'The host takes no request of this size.',
    remedy: 'Raise MaxEnvelopeSizekb of WinRM on the host (winrm set winrm/config).',
  },
  fault: { code: 'agent-error', says: 'WinRM on the host refused a request.', remedy: null },
  protocol: {
    code: 'host-unreachable',
    says: 'What answers at this address does not speak WS-Management.',
    remedy: 'Check the address: name, port and path (usually /wsman).',
  },
  closed: { code: 'host-unreachable', says: 'The connection was closed.', remedy: null },
} as const satisfies Record<Exclude<WsmanErrorCode, 'tls'>, Meaning>;

/** The host knows who asks, and refuses. */
const notAllowed: Meaning = {
  code: 'access-denied',
  says: 'The account may not open a PowerShell session on the host.',
  remedy:
    'Make it a member of the host’s Administrators, or let its endpoint configuration admit it (Set-PSSessionConfiguration).',
};

/**
 * The error in the words of the fleet. Whatever is no failure of PSRP or WS-Management (the reason of an aborted signal)
 * stays as it is.
 *
 * @param began Whether an operation was under way; false while connecting.
 */
export function hostError(error: unknown, began: boolean): unknown {
  if (error instanceof PipelineFailedError) return pipelineError(error);
  if (error instanceof WsmanError) return wsmanError(error, began);
  if (!(error instanceof PsrpError)) return error;
  if (error.cause instanceof WsmanError) return wsmanError(error.cause, began);
  const ended = [error, error.cause].find(isProcessFailure);
  if (ended !== undefined) return processError(ended, began);
  return new HostOperationError('host-unreachable', 'The PowerShell session with the host broke.', {
    began,
    remedy: `It said: ${error.message}`,
    cause: error,
  });
}

/** Whether the host has forgotten the shell, so that a session in it is over though its connections live. */
export function isShellGone(error: unknown): boolean {
  return error instanceof WsmanError && (error.fault?.isShellNotFound === true || error.status === 400);
}

function wsmanError(error: WsmanError, began: boolean): HostOperationError {
  if (isShellGone(error) && began) {
    return new HostOperationError('host-unreachable', 'The host ended the PowerShell session.', {
      began: false,
      cause: error,
    });
  }
  const { code, says, remedy } = meaningOf(error);
  return new HostOperationError(code, error.code === 'fault' ? `${says} ${error.message}` : says, {
    began: began && error.started,
    remedy,
    cause: error,
  });
}

function meaningOf(error: WsmanError): Meaning {
  const known = authenticationMeaning(error.cause);
  if (known !== undefined) return known;
  if (error.code === 'tls') return tlsMeaning(error.cause);
  const isKnown = error.fault !== undefined || error.status === 403;
  return error.code === 'access-denied' && isKnown ? notAllowed : meanings[error.code];
}

function isProcessFailure(error: unknown): error is PsrpError {
  return error instanceof PsrpError && error.code === 'process-failed';
}

/** What is said of the PowerShell process of `local:`. */
function processError(error: PsrpError, began: boolean): HostOperationError {
  return new HostOperationError('host-unreachable', 'PowerShell on this machine did not start, or ended.', {
    began,
    remedy: `It said: ${error.message}`,
    cause: error,
  });
}

function pipelineError(error: PipelineFailedError): HostOperationError {
  if (error.errorRecord?.fullyQualifiedErrorId === 'CommandNotFoundException') {
    return new HostOperationError('agent-missing', 'The agent of Aether-V is not installed on the host.', {
      began: false,
      remedy: 'Install the PowerShell module AetherV.HostAgent on the host.',
      cause: error,
    });
  }
  return new HostOperationError('agent-error', `The agent on the host failed: ${error.message}`, {
    began: true,
    cause: error,
  });
}
