import type { HostEndpoint } from '../../config/host-endpoint.ts';

/**
 * An open way to the agent of one host. Whatever goes wrong in it is thrown as `HostOperationError`, with `began` false
 * only where nothing was sent.
 */
export interface AgentSession {
  /** Whether it can no longer be used; another one has to be opened. */
  readonly lost: boolean;
  /**
   * Runs the agent's command with this envelope (JSON) and yields the lines it writes. The host is read on only while
   * the next line is asked for. Aborting the signal or returning early stops listening.
   */
  run(envelope: string, signal: AbortSignal): AsyncIterable<string>;
  /** Ends it and everything that runs in it; bounded in time, never rejects. */
  close(): Promise<void>;
}

/** Opens sessions: one way of reaching hosts. */
export interface AgentConnector {
  /** Connects and authenticates, so that an operation can start. @throws HostOperationError with `began` false. */
  open(endpoint: HostEndpoint, signal: AbortSignal): Promise<AgentSession>;
  /** Forgets the credentials, once all sessions are closed. */
  dispose?(): void;
}
