import type { AgentDeployment } from './agent-deployment.ts';
import type { SessionAgentOptions } from './session-agent.ts';

/** Where sessions have the agent from: its files on the host, its text, or neither where it is installed there. */
export interface AgentSources {
  /** Puts the agent onto the host before a session's first operation. */
  readonly deployment?: AgentDeployment | null;
  /** Loads the agent into each session. */
  readonly session?: SessionAgentOptions | null;
}
