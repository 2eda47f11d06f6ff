import type { Config } from '../../config/settings.ts';
import {
  PowerShellRefusal,
  type ProbeRequest,
  type ProbeShell,
} from '../../host-adapter/connect/host-probe.ts';
import {
  judgeAgent,
  judgeClock,
  judgeExecutionPolicy,
  judgeHyperV,
  judgeLanguageMode,
  judgeQuotas,
  judgeRights,
  judgeVersion,
  noLanguage,
  noWindows,
} from './judge.ts';
import { doctorScripts } from './scripts.ts';
import { failedBy, unknown, type Finding, type Step } from './step.ts';

/** State shared by the steps in a session. */
export interface ShellContext {
  readonly shell: () => ProbeShell;
  /** The language mode that the host reported; null until then. */
  languageMode: string | null;
}

const late = unknown('the host did not respond in time');

/** Returns the steps inside the open session, in order of dependency. */
export function hostSteps({ silenceTimeout }: Pick<Config, 'silenceTimeout'>): readonly Step<ShellContext>[] {
  return [...shellSteps, agentStep(silenceTimeout * 1000), inShell('clock', 'Clock', findClock)];
}

const shellSteps: readonly Step<ShellContext>[] = [
  inShell('powershell', 'PowerShell', ({ shell }) => Promise.resolve(judgeVersion(shell().versions))),
  inShell('language-mode', 'Language mode', findLanguageMode),
  inShell('execution-policy', 'Execution policy', findExecutionPolicy),
  inShell('quotas', 'Quotas', (context, signal) =>
    asking(context, { script: doctorScripts.quotas }, signal, judgeQuotas),
  ),
  inShell('rights', 'Rights', findRights),
  inShell('hyper-v', 'Hyper-V', (context, signal) =>
    asking(context, { script: doctorScripts.hyperV }, signal, (lines) =>
      judgeHyperV(lines, isWindows(context.shell())),
    ),
  ),
];

function agentStep(limit: number): Step<ShellContext> {
  return {
    ...inShell('agent', 'Agent', async ({ shell }, signal) => {
      const { info, origin } = await shell().agentInfo(signal);
      return judgeAgent(info, origin);
    }),
    limit,
    onLimit: failedBy('agent-silent', `The agent sent nothing for ${limit / 1000} s.`),
  };
}

function inShell(id: string, title: string, run: Step<ShellContext>['run']): Step<ShellContext> {
  return { id, title, limit: 20_000, onLimit: late, isOver: ({ shell }) => shell().lost, run };
}

async function findLanguageMode(context: ShellContext, signal: AbortSignal): Promise<Finding> {
  try {
    const [mode] = await context.shell().ask({ script: doctorScripts.languageMode }, signal);
    context.languageMode = typeof mode === 'string' ? mode : 'unknown';
    return judgeLanguageMode(context.languageMode);
  } catch (error) {
    if (!(error instanceof PowerShellRefusal)) throw error;
    context.languageMode = error.isNoLanguage ? 'NoLanguage' : 'RestrictedLanguage';
    return error.isNoLanguage
      ? { verdict: 'passed', text: 'NoLanguage: only commands are allowed', problem: null, remedy: null }
      : judgeLanguageMode(context.languageMode);
  }
}

async function findExecutionPolicy(context: ShellContext, signal: AbortSignal): Promise<Finding> {
  const { languageMode } = context;
  if (languageMode !== 'NoLanguage') {
    return asking(context, { script: doctorScripts.executionPolicy }, signal, judgeExecutionPolicy);
  }
  return asking(context, { command: 'Get-ExecutionPolicy' }, signal, (lines) =>
    judgeExecutionPolicy(lines.map((policy) => `effective=${String(policy)}`)),
  );
}

function findRights(context: ShellContext, signal: AbortSignal): Promise<Finding> {
  const script =
    context.languageMode === 'FullLanguage' ? doctorScripts.groups : doctorScripts.groupsByProgram;
  return asking(context, { script }, signal, judgeRights);
}

async function findClock(context: ShellContext, signal: AbortSignal): Promise<Finding> {
  const before = Date.now();
  return asking(context, { command: 'Get-Date', parameters: { Format: 'o' } }, signal, ([told]) => {
    const at = typeof told === 'string' ? Date.parse(told) : Number.NaN;
    return Number.isNaN(at)
      ? unknown('the host did not report its time')
      : judgeClock(at, before, Date.now());
  });
}

/** Only PowerShell 7 reports its platform; earlier versions run only on Windows. */
function isWindows({ versions }: ProbeShell): boolean {
  return versions['Platform'] !== 'Unix';
}

/** Runs a query and judges its result. An error from PowerShell makes the step inconclusive rather than failed. */
async function asking(
  { shell, languageMode }: ShellContext,
  request: ProbeRequest,
  signal: AbortSignal,
  judge: (output: readonly unknown[]) => Finding,
): Promise<Finding> {
  if ('script' in request && languageMode === 'NoLanguage') return unknown(noLanguage);
  try {
    return judge(await shell().ask(request, signal));
  } catch (error) {
    if (!(error instanceof PowerShellRefusal)) throw error;
    if (error.isNoLanguage || (error.isUnknownCommand && languageMode === 'NoLanguage'))
      return unknown(noLanguage);
    if (!isWindows(shell())) return unknown(noWindows);
    if (error.isUnknownCommand) return unknown('this PowerShell does not have the required command');
    return unknown(`not readable (${error.errorId})`);
  }
}
