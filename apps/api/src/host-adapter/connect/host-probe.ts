import type { AgentInfo } from '@aether-v/types';
import type { AgentOrigin } from './psrp-session.ts';

/** What a host is asked in PowerShell: a command with parameters works everywhere, a script where there is a language. */
export type ProbeRequest =
  | { readonly script: string }
  | { readonly command: string; readonly parameters?: Readonly<Record<string, string | boolean>> };

/** PowerShell does not do what it was asked for: the command is not there, or not allowed. Decide by the id. */
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

  /** Whether a script was refused because the endpoint has no language (about_Language_Modes). */
  get isNoLanguage(): boolean {
    return this.errorId === 'ScriptsNotAllowed';
  }

  /** Whether there is no such command here, or it is not visible. */
  get isUnknownCommand(): boolean {
    return this.errorId === 'CommandNotFoundException';
  }
}

/** What an agent says of itself, and where it came from. */
export interface ProbedAgent {
  readonly info: AgentInfo;
  readonly origin: AgentOrigin;
}

/** An open PowerShell session, to look around in. */
export interface ProbeShell {
  /** What PowerShell told of itself while it opened: its PSVersionTable. */
  readonly versions: Readonly<Record<string, unknown>>;
  /** Whether it can no longer be used. */
  readonly lost: boolean;
  /**
   * Runs it and answers the output as plain values.
   *
   * @throws PowerShellRefusal where PowerShell refuses, also where it wrote errors and no output.
   * @throws HostOperationError where the session fails.
   */
  ask(request: ProbeRequest, signal: AbortSignal): Promise<readonly unknown[]>;
  /** Asks the agent who it is, as the service does. @throws HostOperationError */
  agentInfo(signal: AbortSignal): Promise<ProbedAgent>;
  /** Bounded in time; never rejects. */
  close(): Promise<void>;
}

/** What answers before any session is open. */
export interface ProbeIdentity {
  readonly vendor: string;
  readonly version: string;
}

/** A fault of WS-Management, by its number. */
export interface ProbeFault {
  readonly code: number;
  readonly text: string;
}

/** Ways to look at one host, one layer after the other, with the credentials and limits of the service. */
export interface HostProbe {
  /** Signs in and asks who answers. @throws HostOperationError */
  identify(signal: AbortSignal): Promise<ProbeIdentity>;
  /** Opens a session. @throws HostOperationError */
  open(signal: AbortSignal): Promise<ProbeShell>;
  /** Asks for an endpoint that does not exist and answers the fault; null where a host answers with none. */
  provokeFault(signal: AbortSignal): Promise<ProbeFault | null>;
  /** Forgets the credentials, once all is closed. */
  dispose(): void;
}
