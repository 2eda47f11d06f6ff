import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sessionCommand } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import { sessionText } from '../src/session-text.ts';
import { agentText } from './support/agent-host.ts';
import { skip, skipReason } from './support/pwsh.ts';

const module = fileURLToPath(new URL('../module/AetherV.HostAgent/', import.meta.url));
const files = Object.fromEntries(
  globSync('**/*.{ps1,psm1,json}', { cwd: module }).map((path) => [
    path,
    readFileSync(join(module, path), 'utf8'),
  ]),
);
const root = 'AetherV.HostAgent.psm1';
const one = 'Private/Json/ConvertFrom-AgentJson.ps1';

/**
 * The tokens of every file in the order in which the text has them, and those of the text, without comments and line ends. What
 * replaces ShippedFile.ps1 and the root file's loop is left out.
 */
const compare = `param($Module, $Text)
function Get-Token($Path) {
    $tokens = $null; $errors = $null
    [void] [System.Management.Automation.Language.Parser]::ParseFile($Path, [ref] $tokens, [ref] $errors)
    if ($errors) { throw $errors[0].Message }
    $tokens | Where-Object { $_.Kind -notin 'Comment', 'NewLine', 'EndOfInput' } | ForEach-Object { $_.Text }
}
$all = (Get-Token $Text) -join [char]1
foreach ($file in Get-ChildItem -LiteralPath "$Module/Private", "$Module/Public" -Recurse -Filter *.ps1 | Where-Object Name -ne 'ShippedFile.ps1') {
    if (-not $all.Contains((Get-Token $file.FullName) -join [char]1)) { $file.Name }
}
'looked'
`;

describe('the text of the agent', () => {
  const { text, command } = agentText();

  test('is ASCII, and has no comment and no name of what scanners take for packed code', () => {
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
    expect(text).not.toMatch(/^\s*#|<#/m);
    expect(text).not.toMatch(/FromBase64String|MemoryStream|DeflateStream|EncodedCommand|Add-Type/i);
    expect(text.length).toBeLessThan(400_000);
  });

  test('reads no file of its own, so that an execution policy has nothing to judge', () => {
    expect(text).not.toMatch(/PSScriptRoot|ModuleFolder|Import-Module|\.ps1|\.psm1|^\s*\. /m);
  });

  test('has the schemas and tables that the module ships', () => {
    for (const path of Object.keys(files).filter((name) => name.endsWith('.json'))) {
      const [name] = path.split('.json', 1);
      const [, json = ''] = new RegExp(`^ {4}'${name}' = '(.*)'$`, 'm').exec(text) ?? [];
      expect(JSON.parse(json.replaceAll("''", "'")), path).toEqual(JSON.parse(files[path] ?? ''));
    }
  });

  test('is the same for the same files, and its command another one for any other', () => {
    expect(sessionText(files)).toEqual({ text, command });
    expect(command).toMatch(sessionCommand);
    const other = sessionText({ ...files, [one]: `${files[one] ?? ''}\n$script:Other = 1\n` });
    expect(other.command).not.toBe(command);
    // Comments are no part of it.
    expect(sessionText({ ...files, [one]: `# Other.\n${files[one] ?? ''}` }).command).toBe(command);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['a here-string', { [one]: "$a = @'\n# text\n'@\n" }, /here-string/],
    ['a letter that is not ASCII', { [one]: "$a = 'ü'\n" }, /not ASCII/],
    ['another way of loading its files', { [root]: "$script:ModuleFolder = 'x'\n" }, /unexpected loop/],
  ])('is not made of files with %s', (_what, changed, message) => {
    expect(() => sessionText({ ...files, ...changed })).toThrow(message);
  });

  test.skipIf(skip)(`has every token of every file in its order${skipReason}`, { timeout: 120_000 }, () => {
    const folder = mkdtempSync(join(tmpdir(), 'session-text-'));
    try {
      const [script, agent] = [join(folder, 'compare.ps1'), join(folder, 'agent.ps1')];
      writeFileSync(script, compare);
      writeFileSync(agent, text);
      const args = ['-NoLogo', '-NoProfile', '-NonInteractive', '-File', script, module, agent];
      expect(execFileSync('pwsh', args, { encoding: 'utf8' }).trim()).toBe('looked');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
