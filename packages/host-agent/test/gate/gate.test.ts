import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { skip, skipReason } from '../support/pwsh.ts';

const gate = fileURLToPath(new URL('Find-Violation.ps1', import.meta.url));
const allowList = fileURLToPath(new URL('allowed.json', import.meta.url));
const module = fileURLToPath(new URL('../../module/', import.meta.url));
const deploy = fileURLToPath(new URL('../../deploy/', import.meta.url));

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** What the gate finds in each group of files that belong together, in one process for all: `file:line kind name`. */
function violationsIn(...groups: readonly (readonly string[])[]): string[] {
  const calls = groups.map(
    (files) => `& ${quoted(gate)} -Path @(${files.map(quoted).join(', ')}) -AllowList ${quoted(allowList)}`,
  );
  const output = execFileSync(
    'pwsh',
    ['-NoLogo', '-NoProfile', '-NonInteractive', '-Command', calls.join('; ')],
    { encoding: 'utf8' },
  );
  return output.split(/\r?\n/).filter((line) => line !== '');
}

/** Things that Windows PowerShell 5.1 does not have, or that the agent must not use, and what the gate says of each. */
const planted: readonly (readonly [what: string, code: string, finding: string])[] = [
  ['the ternary operator', '$a = 1; $b = $a ? 1 : 2', 'syntax TernaryExpressionAst'],
  ['the null-coalescing operator', '$a = 1; $b = $a ?? 2', 'operator QuestionQuestion'],
  ['null-coalescing assignment', '$a = 1; $a ??= 2', 'operator QuestionQuestionEquals'],
  ['a pipeline chain', 'Get-ChildItem && Get-ChildItem', 'syntax PipelineChainAst'],
  ['a null-conditional member', '$a = "x"; ${a}?.Length', 'syntax NullConditional'],
  ['a background pipeline', 'Get-ChildItem &', 'syntax Background'],
  [
    'parallel loops',
    '1, 2 | Microsoft.PowerShell.Core\\ForEach-Object -Parallel { $_ } -ThrottleLimit 2',
    'parameter Microsoft.PowerShell.Core\\ForEach-Object -Parallel',
  ],
  [
    'dictionaries out of JSON',
    "'{}' | Microsoft.PowerShell.Utility\\ConvertFrom-Json -AsHashtable",
    'parameter Microsoft.PowerShell.Utility\\ConvertFrom-Json -AsHashtable',
  ],
  ['a command of PowerShell 7', "Test-Json -Json '{}'", 'command Test-Json'],
  ['a type of .NET', "[System.Text.Json.JsonDocument]::Parse('{}')", 'type System.Text.Json.JsonDocument'],
  ['a method of .NET', "'a'.ReplaceLineEndings()", 'method ReplaceLineEndings/0'],
  ['an overload of .NET', "'ab'.Contains('a', 'Ordinal')", 'method Contains/2'],
  ['a static overload of .NET', "[System.IO.File]::Move('a', 'b', $true)", 'static [System.IO.File]::Move/3'],
  ['a property of .NET', "$a = Get-Item -LiteralPath 'x'; $a.LinkTarget", 'property LinkTarget'],
  [
    'a splatted parameter',
    "$a = @{ Depth = 2 }; Microsoft.PowerShell.Utility\\ConvertFrom-Json -InputObject '1' @a",
    'parameter Microsoft.PowerShell.Utility\\ConvertFrom-Json -Depth',
  ],
  [
    'a splatted parameter that is added later',
    "$a = @{}; $a.NoEnumerate = $true; Microsoft.PowerShell.Utility\\ConvertFrom-Json -InputObject '1' @a",
    'parameter Microsoft.PowerShell.Utility\\ConvertFrom-Json -NoEnumerate',
  ],
  [
    'splatted parameters that nobody can tell',
    'param($A) Microsoft.PowerShell.Utility\\ConvertFrom-Json @A',
    'parameter Microsoft.PowerShell.Utility\\ConvertFrom-Json -(computed)',
  ],
  [
    'a static member of .NET',
    "[System.IO.Path]::GetRelativePath('a', 'b')",
    'static [System.IO.Path]::GetRelativePath/2',
  ],
  ['a variable of PowerShell 7', 'if ($IsWindows) { return }', 'variable IsWindows'],
  ['a using statement', 'using namespace System.IO', 'syntax UsingStatementAst'],
  ['code made of text', "Invoke-Expression -Command 'x'", 'command Invoke-Expression'],
  ['a cmdlet without its module', "Get-VM -Name 'x'", 'command Get-VM'],
  ['an alias', "gci -Path 'x'", 'command gci'],
  ['a command by a computed name', "$name = 'x'; & $name", 'dynamic (file)'],
  [
    'a parameter of ours that there is not',
    'function Get-Ours { param($A) $A }; Get-Ours -B 1',
    'own-parameter Get-Ours -B',
  ],
  ['letters that 5.1 reads otherwise', "$a = 'ü'", 'encoding not-ascii'],
];

describe.skipIf(skip)(`the agent is written in what Windows PowerShell 5.1 has${skipReason}`, () => {
  test('every command, parameter, member and syntax element is on the list', { timeout: 300_000 }, () => {
    const files = [module, deploy].flatMap((cwd) =>
      globSync('**/*.{ps1,psm1,psd1}', { cwd }).map((file) => join(cwd, file)),
    );
    expect(files.length).toBeGreaterThan(30);
    expect(violationsIn(files)).toEqual([]);
  });

  describe('of what is planted', () => {
    const folder = mkdtempSync(join(tmpdir(), 'gate-'));
    const fileOf = (index: number): string => `planted-${index}.ps1`;
    let found: readonly string[];

    beforeAll(() => {
      planted.forEach(([, code], index) => writeFileSync(join(folder, fileOf(index)), code));
      found = violationsIn(...planted.map((_, index) => [join(folder, fileOf(index))]));
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    test.each(planted.map(([what, , finding], index) => [what, finding, fileOf(index)] as const))(
      '%s is found',
      (_what, finding, file) => {
        expect(found).toContain(`${file}:1 ${finding.replace('(file)', file)}`);
      },
    );
  });
});
