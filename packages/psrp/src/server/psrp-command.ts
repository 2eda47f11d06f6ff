import type { PsValue } from '../clixml/index.ts';
import type { ErrorRecordParts, InformationRecord, ProgressRecord } from '../core/index.ts';

/** What a command that is called on a {@link createPsrpShell} shell knows and can do. */
export interface CommandContext {
  /** The command's name as the client wrote it. */
  readonly name: string;
  /** By name; looked up without regard to case, as PowerShell does. */
  readonly parameters: ReadonlyMap<string, PsValue>;
  /** By position. */
  readonly arguments: readonly PsValue[];
  /** The pipeline's input; ends at once where the client said that there is none. Iterated once. */
  readonly input: AsyncIterable<PsValue>;
  /** Aborted when the client stops the pipeline or goes away: the command is expected to return then. */
  readonly signal: AbortSignal;
  readonly shellId: string;
  readonly pipelineId: string;
  /** Who authenticated. */
  readonly principal: string;
  /**
   * Writes an output object. Resolves when there is room for more: awaiting it is the back-pressure of a client that does not
   * read. This and all other writers reject with the signal's reason once it is aborted.
   */
  readonly write: (value: PsValue) => Promise<void>;
  /** Writes an error that does not end the command. */
  readonly writeError: (error: ErrorRecordParts) => Promise<void>;
  readonly writeWarning: (message: string) => Promise<void>;
  readonly writeVerbose: (message: string) => Promise<void>;
  readonly writeDebug: (message: string) => Promise<void>;
  readonly writeInformation: (record: InformationRecord) => Promise<void>;
  readonly writeProgress: (record: ProgressRecord) => Promise<void>;
}

/** A command that a shell offers. Throwing a {@link CommandError} (or anything else) is its terminating error. */
export type CommandHandler = (context: CommandContext) => Promise<void>;

/** A terminating error as the client is to see it. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly parts: ErrorRecordParts;

  constructor(parts: ErrorRecordParts, options?: ErrorOptions) {
    super(parts.message, options);
    this.parts = parts;
  }
}

/** What PowerShell says to a command that it does not know. */
export function commandNotFound(name: string): ErrorRecordParts {
  return {
    message:
      `The term '${name}' is not recognized as the name of a cmdlet, function, script file, or operable program. ` +
      'Check the spelling of the name, or if a path was included, verify that the path is correct and try again.',
    fullyQualifiedErrorId: 'CommandNotFoundException',
    category: 'ObjectNotFound',
    exceptionTypes: runtimeException('CommandNotFoundException'),
    target: { name, type: 'String' },
    targetObject: name,
  };
}

/** What a runspace in no-language mode says to a script. */
export function scriptRefused(script: string): ErrorRecordParts {
  return {
    message:
      'The syntax is not supported by this runspace. This can occur if the runspace is in no-language mode.',
    fullyQualifiedErrorId: 'ScriptsNotAllowed',
    category: 'ParserError',
    exceptionTypes: runtimeException('ParseException'),
    target: { name: script.slice(0, 80), type: 'String' },
  };
}

/** What we say to a client that sent something else than its pipeline may have. */
export function requestRefused(message: string): ErrorRecordParts {
  return {
    message: `The pipeline was ended: ${message}`,
    fullyQualifiedErrorId: 'InvalidRequest',
    category: 'InvalidData',
    exceptionTypes: runtimeException('PSInvalidOperationException'),
  };
}

/** What we say to commands that pipe into each other: every command here stands alone. */
export function pipeRefused(name: string): ErrorRecordParts {
  return {
    message: `The command '${name}' cannot be part of a pipeline of several commands on this endpoint.`,
    fullyQualifiedErrorId: 'PipelineNotSupported',
    category: 'NotImplemented',
    exceptionTypes: runtimeException('PSNotSupportedException'),
    target: { name, type: 'String' },
  };
}

/** The terminating error that something thrown stands for. */
export function terminatingError(thrown: unknown, name: string): ErrorRecordParts {
  if (thrown instanceof CommandError) return thrown.parts;
  return {
    message: thrown instanceof Error ? thrown.message : String(thrown),
    fullyQualifiedErrorId: `UnhandledError,${name}`,
    category: 'NotSpecified',
    exceptionTypes: runtimeException('CmdletInvocationException'),
    activity: name,
  };
}

/** Parameters by name, found without regard to case. */
export class ParameterMap extends Map<string, PsValue> {
  override get(name: string): PsValue | undefined {
    return super.get(this.#spelling(name));
  }

  override has(name: string): boolean {
    return super.has(this.#spelling(name));
  }

  #spelling(name: string): string {
    const folded = name.toLowerCase();
    return [...this.keys()].find((key) => key.toLowerCase() === folded) ?? name;
  }
}

function runtimeException(name: string): string[] {
  return [
    `System.Management.Automation.${name}`,
    'System.Management.Automation.RuntimeException',
    'System.SystemException',
    'System.Exception',
    'System.Object',
  ];
}
