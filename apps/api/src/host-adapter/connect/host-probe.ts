import type { AgentInfo } from '@aether-v/types';
import type { AgentOrigin } from './psrp-session.ts';

/** A PowerShell query: a command with parameters works everywhere, a script only if a language is available. */
export type ProbeRequest =
  | { readonly script: string }
  | { readonly command: string; readonly parameters?: Readonly<Record<string, string | boolean>> };

/** PowerShell refused a query: the command does not exist or is not allowed. Decide by the id. */
export class PowerShellRefusal extends Error {
  override readonly name = 'PowerShellRefusal';
  /** The first part of FullyQualifiedErrorId, before the cmdlet's name. */
  readonly errorId: string;
  readonly category: string;

  constructor(fullyQualifiedErrorId: string, category: string, message: string, cause?: unknown) {
    super(message, { cause });
    [this.errorId = ''] = fullyQualifiedErrorId.split(',', 1);
    this.category = category;
  }

  /** True if a script was refused because the endpoint has no language (about_Language_Modes). */
  get isNoLanguage(): boolean {
    return this.errorId === 'ScriptsNotAllowed';
  }

  /** True if the command does not exist or is not visible. */
  get isUnknownCommand(): boolean {
    return this.errorId === 'CommandNotFoundException';
  }
}

/** The agent's self-description, and where it was loaded from. */
export interface ProbedAgent {
  readonly info: AgentInfo;
  readonly origin: AgentOrigin;
}

/** An open PowerShell session for queries. */
export interface ProbeShell {
  /** PowerShell's PSVersionTable, reported when the session opened. */
  readonly versions: Readonly<Record<string, unknown>>;
  /** True if the session is unusable. */
  readonly lost: boolean;
  /**
   * Runs a query and returns the output as plain values.
   *
   * @throws PowerShellRefusal if PowerShell refuses it, or writes errors but no output.
   * @throws HostOperationError if the session fails.
   */
  ask(request: ProbeRequest, signal: AbortSignal): Promise<readonly unknown[]>;
  /** Queries the agent's identity in the same way as the service. @throws HostOperationError */
  agentInfo(signal: AbortSignal): Promise<ProbedAgent>;
  /** Closes the session within a time limit. Never rejects. */
  close(): Promise<void>;
}

/** The server's response to Identify, before any session is open. */
export interface ProbeIdentity {
  readonly vendor: string;
  readonly version: string;
}

/** A WS-Management fault, by its number. */
export interface ProbeFault {
  readonly code: number;
  readonly text: string;
}

/** Checks of one host, layer by layer, with the credentials and limits of the service. */
export interface HostProbe {
  /** Authenticates and identifies the server. @throws HostOperationError */
  identify(signal: AbortSignal): Promise<ProbeIdentity>;
  /** Opens a session. @throws HostOperationError */
  open(signal: AbortSignal): Promise<ProbeShell>;
  /** Requests an endpoint that does not exist and returns the fault; null if the host answers without one. */
  provokeFault(signal: AbortSignal): Promise<ProbeFault | null>;
  /** Discards the credentials after everything is closed. */
  dispose(): void;
}
