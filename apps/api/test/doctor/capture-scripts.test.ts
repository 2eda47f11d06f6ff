import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { sections } from '../../src/doctor/capture/sections.ts';
import { doctorScripts } from '../../src/doctor/steps/scripts.ts';
import { hasPart, skipReason } from '../support/provoke/provoke.ts';

const run = promisify(execFile);
const captured = Object.fromEntries(sections.map(({ id, script }) => [id, script]));
const all: Readonly<Record<string, string>> = { ...captured, ...doctorScripts };

/** Verbs that change nothing. */
const reads = /^(?:Get|Select|Measure|Where|ForEach)-[A-Z][A-Za-z]+$/;

/** What is beside them: a method of WMI that answers what is asked for, and a program that shows who runs it. */
const exceptions: Readonly<Record<string, readonly string[]>> = {
  'summary-information': ['Invoke-CimMethod'],
  groupsByProgram: ['whoami.exe'],
};

/** Commands in a text, as far as they can be told without PowerShell: outside of quotes. */
function commandsIn(script: string): readonly string[] {
  return script.replaceAll(/'[^']*'/g, '').match(/\b[A-Za-z]+-[A-Za-z]+\b|\b[a-z]+\.exe\b/g) ?? [];
}

/** Tells what PowerShell's own parser finds in each script. */
const inspection = `
$scripts = Get-Content -Raw -LiteralPath $args[0] | ConvertFrom-Json
$scripts.PSObject.Properties | ForEach-Object {
  $errors = $null
  $tree = [System.Management.Automation.Language.Parser]::ParseInput($_.Value, [ref] $null, [ref] $errors)
  $kinds = $tree.FindAll({ $true }, $true) | ForEach-Object { $_.GetType().Name } | Sort-Object -Unique
  $commands = $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandAst] }, $true) |
    ForEach-Object { $_.GetCommandName() }
  $parameters = $tree.FindAll({ $args[0] -is [System.Management.Automation.Language.CommandParameterAst] }, $true) |
    ForEach-Object { $_.ParameterName }
  [pscustomobject]@{ id = $_.Name; errors = $errors.Count; kinds = @($kinds); commands = @($commands); parameters = @($parameters) }
} | ConvertTo-Json -Depth 4`;

interface Inspected {
  readonly id: string;
  readonly errors: number;
  readonly kinds: readonly string[];
  readonly commands: readonly string[];
  readonly parameters: readonly string[];
}

async function inspect(): Promise<readonly Inspected[]> {
  const folder = mkdtempSync(join(tmpdir(), 'scripts-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'scripts.json'), JSON.stringify(all));
  writeFileSync(join(folder, 'inspect.ps1'), inspection);
  const args = ['-NoLogo', '-NoProfile', '-File', join(folder, 'inspect.ps1'), join(folder, 'scripts.json')];
  const { stdout } = await run('pwsh', args);
  return JSON.parse(stdout) as readonly Inspected[];
}

describe('the doctor’s scripts', () => {
  test.each(Object.entries(all))('%s is read-only', (id, script) => {
    const others = commandsIn(script).filter((command) => !reads.test(command));
    expect(others).toEqual(exceptions[id] ?? []);
    // Nothing of PowerShell 7, no redirection, and .NET only where that is said.
    expect(script).not.toMatch(/&&|\|\||\?\?|\?\.|\?\[|-Parallel|>/i);
    expect(/::|\.\w+\(/.test(script)).toBe(id === 'groups');
  });

  test('only one WMI method is called, which returns a summary', () => {
    const calls = Object.values(all).flatMap((script) => script.match(/-MethodName \w+/g) ?? []);
    expect(calls).toEqual(['-MethodName GetSummaryInformation']);
  });

  test('no script reads the name of a VM', () => {
    expect(captured['summary-information']).toContain('@(2, 4, 10, 100,');
    expect(captured['states']).toContain('-Property EnabledState, OperationalStatus |');
  });

  test.skipIf(!hasPart('pwsh'))(
    `PowerShell parses the scripts as expected${skipReason('pwsh')}`,
    async () => {
      const inspected = await inspect();
      expect(inspected.map(({ id }) => id).sort()).toEqual(Object.keys(all).sort());
      for (const { id, errors, kinds, commands, parameters } of inspected) {
        expect(errors, id).toBe(0);
        expect(
          commands.filter((command) => !reads.test(command)),
          id,
        ).toEqual(exceptions[id] ?? []);
        // What Windows PowerShell 5.1 does not know.
        expect(kinds, id).not.toContain('TernaryExpressionAst');
        expect(kinds, id).not.toContain('PipelineChainAst');
        expect(parameters, id).not.toContain('Parallel');
        expect(kinds.includes('InvokeMemberExpressionAst'), id).toBe(id === 'groups');
      }
    },
    60_000,
  );
});
