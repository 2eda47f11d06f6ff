import type { ErrorRecord } from '@aether-v/psrp/core';
import type { ConnectionProblem } from './connection-problems.ts';

/** The PowerShell module of the agent. */
export const agentModule = 'AetherV.HostAgent';

/** Error ids of what PowerShell's language mode does not allow (about_Language_Modes). */
const restricted: ReadonlySet<string> = new Set([
  'ScriptsNotAllowed',
  'CannotCreateTypeConstrainedLanguage',
  'CannotDefineNewType',
  'ConversionSupportedOnlyToCoreTypes',
  'MethodInvocationNotSupportedInConstrainedLanguage',
  'PropertySetterNotSupportedInConstrainedLanguage',
]);

/** Classifies a terminating error of the agent's command by PowerShell's error ids, never by message text. */
export function pipelineProblem(record: ErrorRecord | undefined): ConnectionProblem {
  if (record === undefined) return 'agent-error';
  // A cmdlet appends its own name after a comma.
  const [id = ''] = record.fullyQualifiedErrorId.split(',', 1);
  // The id and category of a PSSecurityException.
  if (id === 'UnauthorizedAccess' && record.category === 'SecurityError') return 'execution-policy';
  if (restricted.has(id)) return 'language-mode';
  if (id === 'CommandNotFoundException') return 'agent-missing';
  return id === 'CouldNotAutoloadMatchingModule' ? 'agent-unloadable' : 'agent-error';
}
