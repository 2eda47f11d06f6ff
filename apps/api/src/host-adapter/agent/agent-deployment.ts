import type { RunspacePool } from '@aether-v/psrp/client';
import { hostError } from '../errors/connection-error.ts';
import { HostOperationError } from '../errors/host-operation-error.ts';
import { packageName, type AgentPackage } from './agent-package.ts';

/** How the agent gets onto hosts. */
export interface AgentDeploymentOptions {
  readonly agent: AgentPackage;
  /** The functions that hosts run for it. */
  readonly functions: string;
  /** The folder on hosts below which each version has its own. */
  readonly directory: string;
  /** Where hosts download the package from, or null: it is sent over the session. */
  readonly downloadBaseUrl: string | null;
  /** Hears of hosts that got the agent. */
  readonly onInstalled?: (address: string, version: string) => void;
}

/** Sees to it that the agent of this version is on a host, and that a session loads that one. */
export interface AgentDeployment {
  /**
   * Checks every file of the agent on the host, and puts it there where it is missing or not as it was shipped.
   *
   * @throws HostOperationError `agent-deployment`, with `began` false.
   */
  prepare(pool: RunspacePool, address: string, signal: AbortSignal): Promise<void>;
}

const parameters =
  'param([string] $Directory, [string] $Version, [string] $Manifest, [string] $Package, [string] $Url)';
const given = '-Directory $Directory -Version $Version -Manifest (ConvertTo-Manifest -Json $Manifest)';

/** Puts the agent onto hosts and lets sessions load it by its checked folder. */
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
        throw HostOperationError.of('agent-deployment', { began: false, detail: `It says: ${state}.` });
      }
      onInstalled(address, version);
    },
  };
}
