import type { RunspacePool } from '@aether-v/psrp/client';
import { hostError } from '../errors/connection-error.ts';
import { HostOperationError } from '../errors/host-operation-error.ts';
import { packageName, type AgentPackage } from './agent-package.ts';

/** Options for installing the agent on hosts. */
export interface AgentDeploymentOptions {
  readonly agent: AgentPackage;
  /** The PowerShell functions that hosts run to install and verify the agent. */
  readonly functions: string;
  /** The parent folder on hosts; each version has a subfolder. */
  readonly directory: string;
  /** Download address of the package for hosts; null sends it over the session. */
  readonly downloadBaseUrl: string | null;
  /** Called after the agent was installed on a host. */
  readonly onInstalled?: (address: string, version: string) => void;
}

/** Ensures that this version of the agent is on a host, and that sessions load exactly that copy. */
export interface AgentDeployment {
  /**
   * Verifies every agent file on the host, and installs those that are missing or differ from the shipped ones.
   *
   * @throws HostOperationError `agent-deployment`, with `began` false.
   */
  prepare(pool: RunspacePool, address: string, signal: AbortSignal): Promise<void>;
}

const parameters =
  'param([string] $Directory, [string] $Version, [string] $Manifest, [string] $Package, [string] $Url)';
const given = '-Directory $Directory -Version $Version -Manifest (ConvertTo-Manifest -Json $Manifest)';

/** Creates a deployment that installs the agent on hosts and lets sessions load it from its verified folder. */
export function agentDeployment({
  agent: { version, manifest, archive },
  functions,
  directory,
  downloadBaseUrl,
  onInstalled = () => undefined,
}: AgentDeploymentOptions): AgentDeployment {
  const use = `${parameters}\n${functions}\nUse-AgentFolder ${given}`;
  const install = `${parameters}\n${functions}\nInstall-AgentFolder ${given} -Package $Package -Url $Url\nUse-AgentFolder ${given}`;
  const what = { Directory: directory, Version: version, Manifest: JSON.stringify(manifest) };
  const source =
    downloadBaseUrl === null
      ? { Package: archive.toString('base64'), Url: '' }
      : { Package: '', Url: `${downloadBaseUrl.replace(/\/+$/, '')}/${packageName(version)}` };
  const run = async (
    pool: RunspacePool,
    script: string,
    more: object,
    signal: AbortSignal,
  ): Promise<string> => {
    try {
      const { output } = await pool
        .invoke({ script, parameters: { ...what, Package: '', Url: '', ...more } }, { signal })
        .collect();
      const state = output.at(-1);
      return typeof state === 'string' ? state : 'nothing';
    } catch (error) {
      const { message } = hostError(error, false) as Error;
      throw HostOperationError.of('agent-deployment', { began: false, detail: message, cause: error });
    }
  };
  return {
    prepare: async (pool, address, signal) => {
      if ((await run(pool, use, {}, signal)) === 'ready') return;
      const state = await run(pool, install, source, signal);
      if (state !== 'ready') {
        throw HostOperationError.of('agent-deployment', { began: false, detail: `It reported: ${state}.` });
      }
      onInstalled(address, version);
    },
  };
}
