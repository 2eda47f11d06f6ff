import { contractVersion, type AgentInfo } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import {
  judgeAgent,
  judgeClock,
  judgeExecutionPolicy,
  judgeHyperV,
  judgeLanguageMode,
  judgeQuotas,
  judgeRights,
  judgeVersion,
} from '../../../src/doctor/steps/judge.ts';
import type { Finding, Verdict } from '../../../src/doctor/steps/step.ts';

type Case = readonly [what: string, finding: Finding, verdict: Verdict, text: RegExp];

const info: AgentInfo = {
  hostId: 'hv1',
  name: 'HV1',
  agentVersion: '1.2.3',
  contract: contractVersion,
  powershellVersion: '5.1.26100.1',
  powershellEdition: 'Desktop',
  languageMode: 'FullLanguage',
  executionPolicy: 'RemoteSigned',
  hyperV: true,
  clusterName: null,
  capabilities: [],
};

describe('judging a host', () => {
  test.each<Case>([
    [
      'Windows PowerShell',
      judgeVersion({ PSVersion: '5.1.20348.2849', PSEdition: 'Desktop' }),
      'passed',
      /Desktop/,
    ],
    ['PowerShell 7', judgeVersion({ PSVersion: '7.6.5', PSEdition: 'Core' }), 'passed', /7\.6\.5 \(Core\)/],
    ['PowerShell 4', judgeVersion({ PSVersion: '4.0' }), 'failed', /4\.0 is too old/],
    ['no version', judgeVersion({}), 'unknown', /did not report/],
    ['a version of another kind', judgeVersion({ PSVersion: { Major: 5 } }), 'unknown', /did not report/],
    ['full language', judgeLanguageMode('FullLanguage'), 'passed', /Full/],
    ['constrained language', judgeLanguageMode('ConstrainedLanguage'), 'passed', /must allow/],
    ['restricted language', judgeLanguageMode('RestrictedLanguage'), 'unknown', /inconclusive/],
    [
      'the first policy that is set',
      judgeExecutionPolicy([
        'MachinePolicy=Undefined',
        'UserPolicy=Undefined',
        'Process=Undefined',
        'LocalMachine=AllSigned',
      ]),
      'passed',
      /^AllSigned \(LocalMachine\)$/,
    ],
    ['no policy', judgeExecutionPolicy(['LocalMachine=Undefined']), 'passed', /default/],
    ['nothing of policies', judgeExecutionPolicy([]), 'passed', /default/],
    [
      'quotas',
      judgeQuotas([
        'Shell/MaxShellsPerUser=30',
        'Shell/MaxMemoryPerShellMB=2147483647',
        '/MaxEnvelopeSizekb=500',
      ]),
      'passed',
      /^30 shells per user, 2147483647 MB per shell, 500 kB per envelope$/,
    ],
    ['a quota of zero, which is none', judgeQuotas(['Shell/MaxShellsPerUser=0']), 'passed', /^0 shells/],
    ['a quota that is too small', judgeQuotas(['Shell/MaxMemoryPerShellMB=100']), 'failed', /too low/],
    ['no quotas', judgeQuotas([]), 'unknown', /administrators/],
    ['an administrator', judgeRights(['S-1-5-32-544', 'S-1-5-32-580']), 'passed', /^Administrators, Remote/],
    [
      'an operator',
      judgeRights(['S-1-5-32-578', 'S-1-5-32-580']),
      'passed',
      /^Hyper-V Administrators, Remote/,
    ],
    ['a guest', judgeRights(['S-1-5-32-580']), 'failed', /not allowed to use Hyper-V/],
    ['no group', judgeRights([]), 'failed', /^No relevant group/],
    ['Hyper-V', judgeHyperV(['module=2.0.0.0', 'vmms=Running', 'looked=yes'], true), 'passed', /2\.0\.0\.0/],
    ['no role', judgeHyperV(['looked=yes'], true), 'failed', /does not exist/],
    ['a stopped service', judgeHyperV(['vmms=Stopped', 'looked=yes'], true), 'failed', /\(vmms\) is Stopped/],
    ['no module', judgeHyperV(['vmms=Running', 'looked=yes'], true), 'failed', /module Hyper-V/],
    ['another system', judgeHyperV(['looked=yes'], false), 'unknown', /does not run on Windows/],
    [
      'an agent that was loaded',
      judgeAgent(info, 'loaded'),
      'passed',
      /^1\.2\.3 on HV1, loaded into the session, contract \d+, FullLanguage, can read Hyper-V$/,
    ],
    [
      'an agent that is installed',
      judgeAgent(info, 'installed'),
      'passed',
      /^1\.2\.3 on HV1, installed on the host, contract/,
    ],
    [
      'an old agent',
      judgeAgent({ ...info, contract: contractVersion + 1 }, 'installed'),
      'failed',
      /this service requires/,
    ],
    [
      'an agent that sees nothing',
      judgeAgent({ ...info, hyperV: false }, 'installed'),
      'failed',
      /cannot read Hyper-V/,
    ],
    ['a clock that is right', judgeClock(1500, 1000, 2000), 'passed', /^in sync with this machine$/],
    ['a clock that is a little off', judgeClock(9000, 1000, 2000), 'passed', /^7\.0 s ahead$/],
    ['a clock that is far behind', judgeClock(0, 400_000, 401_000), 'failed', /400\.0 s behind/],
  ])('%s', (_, finding, verdict, text) => {
    expect(finding).toMatchObject({ verdict, text: expect.stringMatching(text) as string });
    expect(finding.remedy === null).toBe(verdict !== 'failed');
  });

  test('a large clock offset is the problem clock-skew', () => {
    expect(judgeClock(1_000_000, 0, 0)).toMatchObject({ problem: 'clock-skew' });
  });

  test('each quota that must be raised is listed with its location', () => {
    expect(judgeQuotas(['Shell/MaxShellsPerUser=1', '/MaxEnvelopeSizekb=16']).remedy).toBe(
      'Raise WSMan:\\localhost\\Shell\\MaxShellsPerUser to at least 3, WSMan:\\localhost\\MaxEnvelopeSizekb to at least 32.',
    );
  });
});
