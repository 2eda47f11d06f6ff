import type { PsValue } from '../clixml/index.ts';
import type { ErrorRecordParts, InformationRecord, ProgressRecord } from '../core/index.ts';

/** Context of a command in a {@link createPsrpShell} shell. */
export interface CommandContext {
  /** Name of the command as the client wrote it. */
  readonly name: string;
  /** Named parameters. Lookup is case-insensitive, as in PowerShell. */
  readonly parameters: ReadonlyMap<string, PsValue>;
  /** Positional arguments. */
  readonly arguments: readonly PsValue[];
  /** Input of the pipeline; empty if the client announced none. Iterated once. */
  readonly input: AsyncIterable<PsValue>;
  /** Aborted when the client stops the pipeline or disconnects: the command should return. */
  readonly signal: AbortSignal;
  readonly shellId: string;
  readonly pipelineId: string;
  /** Authenticated principal. */
  readonly principal: string;
  /**
   * Writes an output object. Resolves when there is room for more; awaiting it applies the back-pressure of a slow
   * client. This and all other write methods reject with the reason of `signal` once it is aborted.
   */
  readonly write: (value: PsValue) => Promise<void>;
  /** Writes a non-terminating error. */
  readonly writeError: (error: ErrorRecordParts) => Promise<void>;
  readonly writeWarning: (message: string) => Promise<void>;
  readonly writeVerbose: (message: string) => Promise<void>;
  readonly writeDebug: (message: string) => Promise<void>;
  readonly writeInformation: (record: InformationRecord) => Promise<void>;
  readonly writeProgress: (record: ProgressRecord) => Promise<void>;
}

/** Command of a shell. A thrown {@link CommandError}, or any other thrown value, becomes its terminating error. */
export type CommandHandler = (context: CommandContext) => Promise<void>;

/** Terminating error with the error record that the client receives. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly parts: ErrorRecordParts;

  constructor(parts: ErrorRecordParts, options?: ErrorOptions) {
    super(parts.message, options);
    this.parts = parts;
  }
}

/** Returns PowerShell's error for an unknown command. */
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

/** Returns the error of a runspace in no-language mode for a script. */
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

/** Returns the error for a client that sent an invalid message to its pipeline. */
export function requestRefused(message: string): ErrorRecordParts {
  return {
    message: `The pipeline was ended: ${message}`,
    fullyQualifiedErrorId: 'InvalidRequest',
    category: 'InvalidData',
    exceptionTypes: runtimeException('PSInvalidOperationException'),
  };
}

/** Returns the error for a pipeline of several commands, which this server does not support. */
export function pipeRefused(name: string): ErrorRecordParts {
  return {
    message: `The command '${name}' cannot be part of a pipeline of several commands on this endpoint.`,
    fullyQualifiedErrorId: 'PipelineNotSupported',
    category: 'NotImplemented',
    exceptionTypes: runtimeException('PSNotSupportedException'),
    target: { name, type: 'String' },
  };
}

/** Converts a thrown value to a terminating error. */
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

/** Parameters by name, with case-insensitive lookup. */
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
