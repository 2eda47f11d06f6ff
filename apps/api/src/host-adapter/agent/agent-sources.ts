import type { AgentDeployment } from './agent-deployment.ts';
import type { SessionAgentOptions } from './session-agent.ts';

/** Sources of the agent in sessions: files on the host or its text; with neither, it must be installed there. */
export interface AgentSources {
  /** Installs the agent on the host before a session's first operation. */
  readonly deployment?: AgentDeployment | null;
  /** Loads the agent into each session. */
  readonly session?: SessionAgentOptions | null;
}
