import { contractVersion, type AgentInfo } from '@aether-v/types';
import type { AgentOrigin } from '../../host-adapter/connect/psrp-session.ts';
import { failed, failedBy, passed, unknown, type Finding } from './step.ts';

/** What is said where an endpoint has no language to ask in. */
export const noLanguage = 'not visible in NoLanguage: this endpoint runs commands only';

/** What is said where only Windows has an answer. */
export const noWindows = 'this PowerShell does not run on Windows';

/** Reads lines of `name=value`. */
function pairs(lines: readonly unknown[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap((line) => {
      const [, name, value] = typeof line === 'string' ? (/^([^=]+)=(.*)$/.exec(line) ?? []) : [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** Judges the PowerShell by its PSVersionTable. */
export function judgeVersion(versions: Readonly<Record<string, unknown>>): Finding {
  const { PSVersion: version, PSEdition: edition } = versions;
  if (typeof version !== 'string') return unknown('PowerShell did not say which version it is');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const text = `${version}${typeof edition === 'string' ? ` (${edition})` : ''}`;
  if (major > 5 || (major === 5 && minor >= 1)) return passed(text);
  return failed(`${text} is too old.`, 'Install Windows Management Framework 5.1 on the host.');
}

/** Judges how much of the language there is. */
export function judgeLanguageMode(mode: string): Finding {
  if (mode === 'FullLanguage') return passed(mode);
  if (mode === 'ConstrainedLanguage') return passed(`${mode}: the host’s policy must allow the agent`);
  return unknown(`${mode}: some of the following checks are inconclusive`);
}

/** Names the policy that counts: the first that is set, in the order in which PowerShell lists them. */
export function judgeExecutionPolicy(lines: readonly unknown[]): Finding {
  const set = [...pairs(lines)].filter(([, policy]) => policy !== 'Undefined');
  const [first] = set;
  if (first === undefined) return passed('not set: the system default applies');
  const [scope, policy] = first;
  return passed(`${policy} (${scope})`);
}

/** What of the quotas is shown, and the least with which the service can work. */
const quotas = [
  { key: 'Shell/MaxShellsPerUser', words: 'shells a user', least: 3 },
  { key: 'Shell/MaxConcurrentUsers', words: 'users', least: 1 },
  { key: 'Shell/MaxMemoryPerShellMB', words: 'MB a shell', least: 256 },
  { key: 'Service/MaxConcurrentOperationsPerUser', words: 'operations a user', least: 20 },
  {
    key: 'Plugin\\microsoft.powershell\\Quotas/MaxShellsPerUser',
    words: 'shells of PowerShell a user',
    least: 3,
  },
  {
    key: 'Plugin\\microsoft.powershell\\Quotas/MaxMemoryPerShellMB',
    words: 'MB a shell of PowerShell',
    least: 256,
  },
  { key: '/MaxEnvelopeSizekb', words: 'kB an envelope', least: 32 },
] as const;

/** Judges WinRM's quotas. Zero stands for none. */
export function judgeQuotas(lines: readonly unknown[]): Finding {
  const found = pairs(lines);
  const shown = quotas.flatMap(({ key, words, least }) => {
    const value = found.get(key);
    return value === undefined ? [] : [{ key, least, value: Number(value), text: `${value} ${words}` }];
  });
  if (shown.length === 0) return unknown('the account may not read the quotas (administrators can)');
  const text = shown.map((quota) => quota.text).join(', ');
  const small = shown.filter(({ value, least }) => value !== 0 && value < least);
  if (small.length === 0) return passed(text);
  const names = small.map(
    ({ key, least }) => `WSMan:\\localhost${key.replace(/^(?!\/)/, '/').replaceAll('/', '\\')} to ${least}`,
  );
  return failed(`${text}: too small for the service.`, `Raise at least ${names.join(', ')}.`);
}

/** Well-known groups, by the SIDs that they have in every language (Windows: well-known security identifiers). */
const groups = {
  'S-1-5-32-544': 'Administrators',
  'S-1-5-32-578': 'Hyper-V Administrators',
  'S-1-5-32-580': 'Remote Management Users',
} as const;

/** Judges the rights of the account by its groups. */
export function judgeRights(sids: readonly unknown[]): Finding {
  const names = Object.entries(groups).flatMap(([sid, name]) => (sids.includes(sid) ? [name] : []));
  if (sids.includes('S-1-5-32-544')) return passed(names.join(', '));
  if (sids.includes('S-1-5-32-578'))
    return passed(`${names.join(', ')}: can read and manage VMs, but not the whole host`);
  return failed(
    `${names.length === 0 ? 'No relevant group' : names.join(', ')}: the account may not use Hyper-V.`,
    'Make it a member of the host’s Hyper-V Administrators (S-1-5-32-578) or Administrators (S-1-5-32-544).',
  );
}

/** Judges whether there is a Hyper-V that answers. */
export function judgeHyperV(lines: readonly unknown[], isWindows: boolean): Finding {
  const found = pairs(lines);
  const [module, service] = [found.get('module'), found.get('vmms')];
  if (!isWindows && module === undefined && service === undefined) {
    return unknown(noWindows);
  }
  if (service === undefined) {
    return failed(
      'The service vmms does not exist.',
      'Install the role: Install-WindowsFeature Hyper-V, and restart.',
    );
  }
  if (service !== 'Running')
    return failed(`The service vmms is ${service}.`, 'Start it: Start-Service vmms.');
  if (module === undefined) {
    return failed(
      'vmms is running, but the PowerShell module Hyper-V is not installed.',
      'Install-WindowsFeature Hyper-V-PowerShell.',
    );
  }
  return passed(`module ${module}, vmms running`);
}

const originWords: { readonly [O in AgentOrigin]: string } = {
  loaded: 'loaded into the session',
  installed: 'installed on the host',
};

/** Judges the agent by what it says of itself, and says where it came from. */
export function judgeAgent(info: AgentInfo, origin: AgentOrigin): Finding {
  const { agentVersion, contract, hyperV, name, languageMode } = info;
  const text = `${agentVersion} on ${name}, ${originWords[origin]}, contract ${contract}, ${languageMode}`;
  if (contract !== contractVersion) {
    return failed(
      `${text}; this service speaks contract ${contractVersion}.`,
      'Install the agent that matches this version of the service.',
    );
  }
  if (hyperV) return passed(`${text}, reads Hyper-V`);
  return failed(`${text}: it cannot read Hyper-V.`, 'Install the role, and check the rights of the account.');
}

/** Kerberos allows five minutes (RFC 4120 1.6); what is shown in the console is off by as much. */
const allowedSkew = 300_000;
const noticeable = 5000;

/** Judges the host's clock: it said `told` between our `before` and `after`, all in milliseconds. */
export function judgeClock(told: number, before: number, after: number): Finding {
  // Nobody knows when in between: only what lies outside is a difference.
  const difference = told < before ? told - before : told > after ? told - after : 0;
  const size = Math.abs(difference);
  const direction = difference < 0 ? 'behind' : 'ahead';
  const text = `${(size / 1000).toFixed(1)} s ${direction}`;
  if (size >= allowedSkew) return failedBy('clock-skew', `The host’s is ${text}.`);
  return passed(size < noticeable ? 'in step with this machine' : text);
}
