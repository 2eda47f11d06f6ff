import type { HostEndpoint } from '../../config/host-endpoint.ts';

/**
 * An open session with the agent of one host. All failures are thrown as `HostOperationError`, with `began` false only
 * if nothing was sent.
 */
export interface AgentSession {
  /** True if the session is unusable, so that a new one must be opened. */
  readonly lost: boolean;
  /**
   * Runs the agent's command with this envelope (JSON) and yields its lines. The host is read only while the next line
   * is requested. Aborting the signal or returning early stops reading.
   */
  run(envelope: string, signal: AbortSignal): AsyncIterable<string>;
  /** Closes the session with everything that runs in it, within a time limit. Never rejects. */
  close(): Promise<void>;
}

/** Opens sessions over one kind of transport. */
export interface AgentConnector {
  /** Connects and authenticates, so that an operation can start. @throws HostOperationError with `began` false. */
  open(endpoint: HostEndpoint, signal: AbortSignal): Promise<AgentSession>;
  /** Discards the credentials after all sessions are closed. */
  dispose?(): void;
}
