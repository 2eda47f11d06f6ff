import { contractVersion, type AgentInfo } from '@aether-v/types';
import type { AgentOrigin } from '../../host-adapter/connect/psrp-session.ts';
import { failed, failedBy, passed, unknown, type Finding } from './step.ts';

/** Text of steps that need a language the endpoint does not have. */
export const noLanguage = 'cannot be checked in NoLanguage: the endpoint allows only commands';

/** Text of steps that only apply to Windows. */
export const noWindows = 'this PowerShell does not run on Windows';

/** Parses lines of `name=value`. */
function pairs(lines: readonly unknown[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap((line) => {
      const [, name, value] = typeof line === 'string' ? (/^([^=]+)=(.*)$/.exec(line) ?? []) : [];
      return name === undefined || value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** Judges PowerShell by its $PSVersionTable. */
export function judgeVersion(versions: Readonly<Record<string, unknown>>): Finding {
  const { PSVersion: version, PSEdition: edition } = versions;
  if (typeof version !== 'string') return unknown('PowerShell did not report its version');
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const text = `${version}${typeof edition === 'string' ? ` (${edition})` : ''}`;
  if (major > 5 || (major === 5 && minor >= 1)) return passed(text);
  return failed(`${text} is too old.`, 'Install Windows Management Framework 5.1 on the host.');
}

/** Judges the language mode of the session. */
export function judgeLanguageMode(mode: string): Finding {
  if (mode === 'FullLanguage') return passed(mode);
  if (mode === 'ConstrainedLanguage') return passed(`${mode}: the host’s policy must allow the agent`);
  return unknown(`${mode}: some of the following checks will be inconclusive`);
}

/** Finds the effective execution policy: the first one that is set, in the order of PowerShell's list. */
export function judgeExecutionPolicy(lines: readonly unknown[]): Finding {
  const set = [...pairs(lines)].filter(([, policy]) => policy !== 'Undefined');
  const [first] = set;
  if (first === undefined) return passed('not set: the system default applies');
  const [scope, policy] = first;
  return passed(`${policy} (${scope})`);
}

/** The WinRM quotas shown, each with the minimum that the service needs. */
const quotas = [
  { key: 'Shell/MaxShellsPerUser', words: 'shells per user', least: 3 },
  { key: 'Shell/MaxConcurrentUsers', words: 'users', least: 1 },
  { key: 'Shell/MaxMemoryPerShellMB', words: 'MB per shell', least: 256 },
  { key: 'Service/MaxConcurrentOperationsPerUser', words: 'operations per user', least: 20 },
  {
    key: 'Plugin\\microsoft.powershell\\Quotas/MaxShellsPerUser',
    words: 'PowerShell shells per user',
    least: 3,
  },
  {
    key: 'Plugin\\microsoft.powershell\\Quotas/MaxMemoryPerShellMB',
    words: 'MB per PowerShell shell',
    least: 256,
  },
  { key: '/MaxEnvelopeSizekb', words: 'kB per envelope', least: 32 },
] as const;

/** Judges WinRM's quotas; zero means unlimited. */
export function judgeQuotas(lines: readonly unknown[]): Finding {
  const found = pairs(lines);
  const shown = quotas.flatMap(({ key, words, least }) => {
    const value = found.get(key);
    return value === undefined ? [] : [{ key, least, value: Number(value), text: `${value} ${words}` }];
  });
  if (shown.length === 0)
    return unknown('the account is not allowed to read the quotas (administrators are)');
  const text = shown.map((quota) => quota.text).join(', ');
  const small = shown.filter(({ value, least }) => value !== 0 && value < least);
  if (small.length === 0) return passed(text);
  const names = small.map(
    ({ key, least }) =>
      `WSMan:\\localhost${key.replace(/^(?!\/)/, '/').replaceAll('/', '\\')} to at least ${least}`,
  );
  return failed(`${text}: too low for the service.`, `Raise ${names.join(', ')}.`);
}

/** Well-known groups by SID, which is the same in every language (Windows: well-known security identifiers). */
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
    `${names.length === 0 ? 'No relevant group' : names.join(', ')}: the account is not allowed to use Hyper-V.`,
    'Add it to the host’s Hyper-V Administrators (S-1-5-32-578) or Administrators (S-1-5-32-544).',
  );
}

/** Judges whether Hyper-V is installed and running. */
export function judgeHyperV(lines: readonly unknown[], isWindows: boolean): Finding {
  const found = pairs(lines);
  const [module, service] = [found.get('module'), found.get('vmms')];
  if (!isWindows && module === undefined && service === undefined) {
    return unknown(noWindows);
  }
  if (service === undefined) {
    return failed(
      'The Hyper-V service (vmms) does not exist.',
      'Install the role with Install-WindowsFeature Hyper-V, then restart the host.',
    );
  }
  if (service !== 'Running')
    return failed(`The Hyper-V service (vmms) is ${service}.`, 'Start it: Start-Service vmms.');
  if (module === undefined) {
    return failed(
      'vmms is running, but the PowerShell module Hyper-V is not installed.',
      'Install it: Install-WindowsFeature Hyper-V-PowerShell.',
    );
  }
  return passed(`module ${module}, vmms running`);
}

const originWords: { readonly [O in AgentOrigin]: string } = {
  loaded: 'loaded into the session',
  installed: 'installed on the host',
};

/** Judges the agent by its own report, and shows where it was loaded from. */
export function judgeAgent(info: AgentInfo, origin: AgentOrigin): Finding {
  const { agentVersion, contract, hyperV, name, languageMode } = info;
  const text = `${agentVersion} on ${name}, ${originWords[origin]}, contract ${contract}, ${languageMode}`;
  if (contract !== contractVersion) {
    return failed(
      `${text}; this service requires contract ${contractVersion}.`,
      'Install the agent that matches this version of the service.',
    );
  }
  if (hyperV) return passed(`${text}, can read Hyper-V`);
  return failed(
    `${text}: it cannot read Hyper-V.`,
    'Install the Hyper-V role and check the account’s rights.',
  );
}

/**
 * The clock skew that Kerberos allows, in milliseconds: five minutes (RFC 4120 1.6). Times in the console are off by
 * the same amount.
 */
const allowedSkew = 300_000;
const noticeable = 5000;

/** Judges the host's clock from the time it reported and our times before and after, all in milliseconds. */
export function judgeClock(told: number, before: number, after: number): Finding {
  // The host read its clock at an unknown moment in between, so only a time outside this interval is a difference.
  const difference = told < before ? told - before : told > after ? told - after : 0;
  const size = Math.abs(difference);
  const direction = difference < 0 ? 'behind' : 'ahead';
  const text = `${(size / 1000).toFixed(1)} s ${direction}`;
  if (size >= allowedSkew) return failedBy('clock-skew', `The host’s clock is ${text}.`);
  return passed(size < noticeable ? 'in sync with this machine' : text);
}
