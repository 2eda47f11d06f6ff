import type { Config } from '../config/settings.ts';
import { agentDeployment, type AgentDeployment } from './agent-deployment.ts';
import { deploymentFunctions, shippedAgent } from './shipped-agent.ts';

/**
 * How the agent gets onto hosts by the configuration; null where it is there already.
 *
 * @param report Hears what someone who reads the log should know.
 */
export function configuredDeployment(
  {
    agentDeployment: mode,
    agentDownloadBaseUrl,
    hostInstallDirectory: directory,
  }: Pick<Config, 'agentDeployment' | 'agentDownloadBaseUrl' | 'hostInstallDirectory'>,
  report: (message: string) => void = () => undefined,
): AgentDeployment | null {
  if (mode === 'preinstalled') return null;
  return agentDeployment({
    agent: shippedAgent(),
    functions: deploymentFunctions(),
    directory,
    downloadBaseUrl: mode === 'download' ? agentDownloadBaseUrl : null,
    onInstalled: (address, version) => report(`${address}: the agent ${version} was put there.`),
  });
}
