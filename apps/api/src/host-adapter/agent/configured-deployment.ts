import { systemClock, type Clock } from '../../common/clock.ts';
import type { Config } from '../../config/settings.ts';
import { LoadPace } from '../limits/load-pace.ts';
import { agentDeployment } from './agent-deployment.ts';
import type { AgentSources } from './agent-sources.ts';
import { deploymentFunctions, shippedAgent, shippedSessionText } from './shipped-agent.ts';

/**
 * Returns the agent sources of a configuration.
 *
 * @param report Receives messages for the log.
 */
export function configuredDeployment(
  {
    agentDeployment: mode,
    agentDownloadBaseUrl,
    hostInstallDirectory: directory,
  }: Pick<Config, 'agentDeployment' | 'agentDownloadBaseUrl' | 'hostInstallDirectory'>,
  report: (message: string) => void = () => undefined,
  clock: Clock = systemClock,
): AgentSources {
  if (mode === 'preinstalled') return {};
  if (mode === 'session') return { session: { ...shippedSessionText(), pace: new LoadPace(clock) } };
  const deployment = agentDeployment({
    agent: shippedAgent(),
    functions: deploymentFunctions(),
    directory,
    downloadBaseUrl: mode === 'download' ? agentDownloadBaseUrl : null,
    onInstalled: (address, version) => report(`${address}: installed agent ${version}.`),
  });
  return { deployment };
}
