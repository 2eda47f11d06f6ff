import { PipelineFailedError, PsrpError } from '@aether-v/psrp/core';
import { WsmanError, type WsmanErrorCode } from '@aether-v/psrp/client';
import type { ErrorCode } from '@aether-v/types';
import { HostOperationError } from './host-operation-error.ts';

interface Meaning {
  readonly code: ErrorCode;
  readonly says: string;
  readonly remedy: string | null;
}

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
  tls: {
    code: 'host-unreachable',
    says: 'The host has no certificate that can be trusted.',
    remedy:
      'Give its WinRM listener a certificate for this name, from an authority that this service trusts.',
  },
  insecure: {
    code: 'host-unreachable',
    says: 'The password would travel readably.',
    remedy: 'Use https://, or in a laboratory WINRM_ALLOW_PLAIN_HTTP=true.',
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
    says: 'The host does not accept the credentials, or the account may not use PowerShell Remoting.',
    remedy: 'Check WINRM_USERNAME and WINRM_PASSWORD, and the account’s rights on the host.',
  },
  'no-endpoint': {
    code: 'host-unreachable',
    says: 'The host has no PowerShell endpoint at this address.',
    remedy: 'Check the path (usually /wsman), and run Enable-PSRemoting on the host.',
  },
  fault: { code: 'agent-error', says: 'WinRM on the host refused a request.', remedy: null },
  protocol: {
    code: 'host-unreachable',
    says: 'What answers at this address does not speak WS-Management.',
    remedy: 'Check the address: name, port and path (usually /wsman).',
  },
  closed: { code: 'host-unreachable', says: 'The connection was closed.', remedy: null },
} as const satisfies Record<WsmanErrorCode, Meaning>;

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
  const { code, says, remedy } = meanings[error.code];
  return new HostOperationError(code, error.code === 'fault' ? `${says} ${error.message}` : says, {
    began: began && error.started,
    remedy,
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
