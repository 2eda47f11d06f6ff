import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/**
 * The assemblies that PowerShell uses most. The .NET tool ships them as IL only, other packages of PowerShell compiled.
 */
const assemblies = [
  'System.Management.Automation',
  'Microsoft.PowerShell.ConsoleHost',
  'Microsoft.PowerShell.Commands.Management',
  'Microsoft.PowerShell.Commands.Utility',
  'Microsoft.PowerShell.Security',
];

/** A project whose restore downloads the compiler and its references. */
const project = (framework, runtime) => `<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TargetFramework>${framework}</TargetFramework>
    <RuntimeIdentifier>${runtime}</RuntimeIdentifier>
    <PublishReadyToRun>true</PublishReadyToRun>
    <SelfContained>false</SelfContained>
  </PropertyGroup>
</Project>
`;

/**
 * Compiles PowerShell's assemblies to machine code (ReadyToRun:
 * learn.microsoft.com/dotnet/core/deploying/ready-to-run), which halves the processor time of a process that starts and
 * runs a short script. If the compiler is unavailable, they are left unchanged.
 *
 * @param toolPath The folder into which the .NET tool was installed.
 * @returns Whether all were compiled.
 */
export function precompilePowerShell(toolPath, { version, sdk, env }) {
  const framework = `net${sdk}.0`;
  const folder = join(
    toolPath,
    '.store/powershell',
    version,
    'powershell',
    version,
    'tools',
    framework,
    'any/unix',
  );
  if (!existsSync(folder)) return false;
  const work = mkdtempSync(join(tmpdir(), 'precompile-'));
  const succeeds = (command, ...args) =>
    spawnSync(command, args, { cwd: work, env, stdio: 'ignore', timeout: 180_000 }).status === 0;
  try {
    const system = `linux-${process.arch}`;
    writeFileSync(join(work, 'compiler.csproj'), project(framework, system));
    if (!succeeds('dotnet', 'restore', '--packages', 'packages')) return false;
    const restored = (name) => {
      const versions = join(work, 'packages', `microsoft.netcore.app.${name}.${system}`);
      return join(versions, existsSync(versions) ? readdirSync(versions)[0] : 'none');
    };
    const compiler = join(restored('crossgen2'), 'tools/crossgen2');
    const runtime = join(restored('runtime'), 'runtimes', system, 'lib', framework);
    const compiled = assemblies.map((name) => join(work, `${name}.dll`));
    const references = ['-r', `${folder}/*.dll`, '-r', `${runtime}/*.dll`];
    const compile = (file) =>
      succeeds(compiler, join(folder, basename(file)), '-o', file, ...references, '-O');
    if (!compiled.every(compile)) return false;
    // A test may be running, so each file is replaced atomically.
    for (const file of compiled) {
      const next = join(folder, `${basename(file)}.new`);
      copyFileSync(file, next);
      renameSync(next, join(folder, basename(file)));
    }
    return true;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
