import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { createPsrpShell } from '@aether-v/psrp/server';
import { account, serve } from './peers.ts';
import type { Provoke, Provoked } from './provoke.ts';

const manifest = `@{
  RootModule = 'AetherV.HostAgent.psm1'
  ModuleVersion = '1.0.0'
  GUID = '6f1d3c5e-3f6b-4d0e-9f57-6a2f6d5c1b10'
  FunctionsToExport = @('Invoke-AetherVOperation')
}`;

/** For this process, until the test ends. */
function setEnvironment(name: 'PATH' | 'PSModulePath', value: string): void {
  vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'powershell-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** This machine, whose PowerShell finds an agent that does this. */
function agent(module: string): Promise<Provoked> {
  const modules = folder();
  const place = join(modules, 'AetherV.HostAgent');
  mkdirSync(place);
  writeFileSync(join(place, 'AetherV.HostAgent.psd1'), manifest);
  writeFileSync(join(place, 'AetherV.HostAgent.psm1'), module);
  setEnvironment('PSModulePath', modules);
  return Promise.resolve({ entry: 'local:', environment: {}, change: { agentDeployment: 'preinstalled' } });
}

/** An endpoint that runs no script and has no agent. */
function without(): Promise<string> {
  return serve({ backend: createPsrpShell({ commands: {} }) });
}

/** This machine, with what `pwsh` is on its PATH. */
function program(script: string | null): Promise<Provoked> {
  const path = folder();
  if (script !== null) {
    writeFileSync(join(path, 'pwsh'), script);
    chmodSync(join(path, 'pwsh'), 0o755);
  }
  setEnvironment('PATH', path);
  return Promise.resolve({ entry: 'local:', environment: {} });
}

async function at(url: Promise<string>): Promise<Provoked> {
  return { entry: `${await url}?auth=basic`, environment: account };
}

/** Hosts whose PowerShell or agent does not do what it should. */
export const powershell = {
  'language-mode': {
    needs: 'pwsh',
    make: () =>
      agent(`function Invoke-AetherVOperation { param([string] $Request)
  $ErrorActionPreference = 'Stop'
  $ExecutionContext.SessionState.LanguageMode = 'ConstrainedLanguage'
  [System.Math]::Sqrt(4)
}`),
  },
  // Linux has no execution policy: this is the exception by which PowerShell refuses on Windows.
  'execution-policy': {
    needs: 'pwsh',
    make: () =>
      agent(
        `throw (New-Object System.Management.Automation.PSSecurityException 'running scripts is disabled')`,
      ),
  },
  'agent-unloadable': { needs: 'pwsh', make: () => agent('function Invoke-AetherVOperation { param(( }') },
  // An endpoint that runs commands and no scripts.
  'agent-deployment': {
    make: async () => ({ ...(await at(serve())), change: { agentDeployment: 'push' } }),
  },
  'agent-missing': {
    make: async () => ({ ...(await at(without())), change: { agentDeployment: 'preinstalled' } }),
  },
  // The same endpoint where the agent is to be loaded into the session.
  'agent-not-loadable': { make: () => at(without()) },
  'agent-error': { make: () => at(serve()) },
  'agent-contract': { make: () => at(serve({}, ({ write }) => write('not JSON'))) },
  'agent-silent': {
    make: async () => ({
      ...(await at(
        serve(
          {},
          ({ signal }) => new Promise((resolve) => signal.addEventListener('abort', () => resolve())),
        ),
      )),
      change: { silenceTimeout: 1 },
    }),
  },
  'powershell-missing': { make: () => program(null) },
  'powershell-ended': { make: () => program('#!/bin/sh\necho broken >&2\nexit 3\n') },
} satisfies Record<string, Provoke>;
