import type { ErrorRecord } from '@aether-v/psrp/core';
import type { ConnectionProblem } from './connection-problems.ts';

/** The PowerShell module that the agent is. */
export const agentModule = 'AetherV.HostAgent';

/** Ids with which PowerShell refuses what its language mode does not allow (about_Language_Modes). */
const restricted: ReadonlySet<string> = new Set([
  'ScriptsNotAllowed',
  'CannotCreateTypeConstrainedLanguage',
  'CannotDefineNewType',
  'ConversionSupportedOnlyToCoreTypes',
  'MethodInvocationNotSupportedInConstrainedLanguage',
  'PropertySetterNotSupportedInConstrainedLanguage',
]);

/** What a terminating error of the agent's command means, decided by PowerShell's ids and never by its words. */
export function pipelineProblem(record: ErrorRecord | undefined): ConnectionProblem {
  if (record === undefined) return 'agent-error';
  // A cmdlet adds its own name behind a comma.
  const [id = ''] = record.fullyQualifiedErrorId.split(',', 1);
  // What a PSSecurityException gives its record.
  if (id === 'UnauthorizedAccess' && record.category === 'SecurityError') return 'execution-policy';
  if (restricted.has(id)) return 'language-mode';
  if (id === 'CommandNotFoundException') return 'agent-missing';
  return id === 'CouldNotAutoloadMatchingModule' ? 'agent-unloadable' : 'agent-error';
}
