import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sessionText } from '@aether-v/host-agent/session-text';
import { packageOf, versionOf, type AgentPackage } from './agent-package.ts';
import type { SessionAgentText } from './session-agent.ts';

const module = 'module/AetherV.HostAgent';

/** Finds the agent's folder, for a service running from source or built. @throws Error if it does not exist. */
function agentFolder(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, 'packages', 'host-agent');
    if (existsSync(join(candidate, module, 'AetherV.HostAgent.psd1'))) return candidate;
  }
  throw new Error('The agent is missing: packages/host-agent was not found.');
}

/** Reads the files of the agent's module, by path relative to a version's folder. */
export function shippedFiles(): Readonly<Record<string, string>> {
  const cwd = join(agentFolder(), 'module');
  const paths = globSync('**/*.{ps1,psm1,psd1,json}', { cwd });
  return Object.fromEntries(
    paths.map((path) => [path.replaceAll('\\', '/'), readFileSync(join(cwd, path), 'utf8')]),
  );
}

/** Returns the agent package of this version of the service. */
export function shippedAgent(): AgentPackage {
  return packageOf(shippedFiles());
}

/** Returns the version of the agent of this version of the service. */
export function shippedVersion(): string {
  return versionOf(shippedFiles());
}

/** Returns the PowerShell functions that install and verify the agent on a host. */
export function deploymentFunctions(): string {
  const parts = [
    `${module}/Private/Platform/FolderAccess.ps1`,
    'deploy/AgentPackage.ps1',
    'deploy/AgentFolder.ps1',
  ];
  return parts.map((path) => readFileSync(join(agentFolder(), path), 'utf8')).join('\n');
}

/** Returns the agent of this version in the form that sessions load. */
export function shippedSessionText(): SessionAgentText {
  const folder = 'AetherV.HostAgent/';
  const files = Object.entries(shippedFiles()).map(
    ([path, text]) => [path.slice(folder.length), text] as const,
  );
  const loader = readFileSync(join(agentFolder(), 'deploy/Invoke-SessionAgent.ps1'), 'utf8');
  return { ...sessionText(Object.fromEntries(files)), loader };
}
