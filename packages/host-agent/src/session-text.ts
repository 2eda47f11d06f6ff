import { createHash } from 'node:crypto';

/** The agent as one PowerShell text, for sessions on hosts without its files. */
export interface SessionText {
  /** Defines the module's functions, tables included. ASCII, for Windows PowerShell 5.1 and PowerShell 7. */
  readonly text: string;
  /** The command's name if exactly this text was loaded; no installed agent has it. */
  readonly command: string;
}

/** Files of the module by relative path, with `/` on every system. */
type Files = Readonly<Record<string, string>>;

const root = 'AetherV.HostAgent.psm1';
const shipped = 'Private/Schema/ShippedFile.ps1';

/** The parts of the module's root file that use files; each must be present to be replaced. */
const rootParts = {
  loop: /^\$script:AgentFiles = @\(\n[\s\S]*?^\)\nforeach \(\$file in \$script:AgentFiles\) \{\n[\s\S]*?^\}\n/m,
  folder: /^\$script:ModuleFolder = .*\n/m,
};

/**
 * Generates the text from the module's files: the root file's settings, the tables and all functions, without comments.
 * The output is deterministic.
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
    if (!part.test(text)) throw new Error(`${root} has an unexpected ${name}.`);
    // Replaced by a function, in which special replacement patterns have no meaning.
    text = text.replace(part, () => (name === 'loop' ? functions.join('') : ''));
  }
  const digest = createHash('sha256').update(text, 'ascii').digest('hex').slice(0, 16);
  return { text, command: `Invoke-AetherVOperation_${digest}` };
}

/** Removes comment lines and empty lines, and reduces each indentation step to one blank. */
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

/** Returns the functions of ShippedFile.ps1, reading from a table in memory. */
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

/** Escapes JSON to ASCII; PowerShell has no escapes in single quotes, so JSON's own remain. */
function ascii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
