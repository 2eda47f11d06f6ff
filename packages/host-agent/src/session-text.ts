import { createHash } from 'node:crypto';

/** The agent as one PowerShell text, for sessions on hosts that have no files of it. */
export interface SessionText {
  /** Defines the module's functions, tables included. ASCII, for Windows PowerShell 5.1 and PowerShell 7. */
  readonly text: string;
  /** What the agent's command is called where this very text was loaded: no installed agent answers to it. */
  readonly command: string;
}

/** Files of the module by their paths below its folder, with `/` on every system. */
type Files = Readonly<Record<string, string>>;

const root = 'AetherV.HostAgent.psm1';
const shipped = 'Private/Schema/ShippedFile.ps1';

/** What the module's root file does with files, each of which must be there to be replaced. */
const rootParts = {
  loop: /^\$script:AgentFiles = @\(\n[\s\S]*?^\)\nforeach \(\$file in \$script:AgentFiles\) \{\n[\s\S]*?^\}\n/m,
  folder: /^\$script:ModuleFolder = .*\n/m,
};

/**
 * Makes the text of the module's files: what the root file sets, the tables, every function, without comments. The same files
 * give the same text.
 *
 * @throws Error if a file is missing, has a here-string or is not ASCII.
 */
export function sessionText(files: Files): SessionText {
  const paths = Object.keys(files).sort();
  const scripts = paths.filter((path) => /^(?:Private|Public)\/.*\.ps1$/.test(path) && path !== shipped);
  if (files[shipped] === undefined) throw new Error(`The agent has no ${shipped}.`);
  const functions = [shippedFunctions(files, paths), ...scripts.map((path) => bare(files[path] ?? '', path))];
  let text = bare(files[root] ?? '', root);
  for (const [name, part] of Object.entries(rootParts)) {
    if (!part.test(text)) throw new Error(`${root} has another ${name} than is known here.`);
    // By a function: a text has no special patterns then.
    text = text.replace(part, () => (name === 'loop' ? functions.join('') : ''));
  }
  const digest = createHash('sha256').update(text, 'ascii').digest('hex').slice(0, 16);
  return { text, command: `Invoke-AetherVOperation_${digest}` };
}

/** A script without the comments and empty lines that stand alone, a blank for each step of indentation. */
function bare(script: string, path: string): string {
  const lf = script.replaceAll('\r\n', '\n');
  // Lines of a here-string may look like comments.
  if (/@['"]\n/.test(lf)) throw new Error(`${path} has a here-string.`);
  if (/[^\t\n\x20-\x7e]/.test(lf)) throw new Error(`${path} is not ASCII.`);
  const stripped = lf
    .replace(/^[ \t]*<#[\s\S]*?#>[ \t]*\n/gm, '')
    .replace(/^[ \t]*#.*\n/gm, '')
    .replace(/^[ \t]*\n/gm, '')
    .replace(/^(?: {4})+/gm, (blanks) => ' '.repeat(blanks.length / 4));
  return stripped.endsWith('\n') || stripped === '' ? stripped : `${stripped}\n`;
}

/** The functions of ShippedFile.ps1 over a table in memory. */
function shippedFunctions(files: Files, paths: readonly string[]): string {
  const tables = paths.flatMap((path) => {
    const [, folder, name] = /^(schema|tables)\/([^/]+)\.json$/.exec(path) ?? [];
    if (folder === undefined || name === undefined) return [];
    const json = JSON.stringify(JSON.parse(files[path] ?? ''));
    return [`    '${folder}/${name}' = '${ascii(json).replaceAll("'", "''")}'\n`];
  });
  return `$script:ShippedFiles = @{
${tables.join('')}}
function Get-ShippedName {
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Folder)
    foreach ($path in $script:ShippedFiles.Keys) {
        if ($path.StartsWith("$Folder/", [System.StringComparison]::Ordinal)) { $path.Substring($Folder.Length + 1) }
    }
}
function Read-ShippedFile {
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Folder,
        [Parameter(Mandatory)] [string] $Name
    )
    return $script:ShippedFiles["$Folder/$Name"]
}
`;
}

/** JSON in ASCII; PowerShell knows no escapes in single quotes, so that JSON's own remain. */
function ascii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
