import { isPsScalar, type PsValue } from '../clixml/index.ts';
import {
  PsrpError,
  type CommandParameter,
  type PipelineCommand,
  type PipelineRequest,
} from '../core/index.ts';

/** Common parts of a command and a script. */
export interface InvocationParts {
  /** Named parameters; a switch is `true`. Undefined values are omitted. */
  readonly parameters?: Readonly<Record<string, PsValue | undefined>>;
  /** Positional arguments. */
  readonly arguments?: readonly PsValue[];
  /** Runs it in its own scope, so it leaves no variables behind in a reused runspace. */
  readonly useLocalScope?: boolean;
  /** Merges its error stream into its output, as `2>&1` does. */
  readonly mergeErrorToOutput?: boolean;
}

/** Command by name. Works on every endpoint, including endpoints with a restricted language mode (JEA). */
export interface NamedCommand extends InvocationParts {
  readonly command: string;
}

/** PowerShell source code. Never interpolate user input into it: pass values as parameters. */
export interface Script extends InvocationParts {
  readonly script: string;
}

/** Element of a pipeline. */
export type Command = NamedCommand | Script;

/** Work to run: one command, a pipeline of commands, or several statements that run one after the other. */
export type Invocation =
  Command | readonly Command[] | { readonly statements: readonly (readonly Command[])[] };

/**
 * Builds the CREATE_PIPELINE request of an invocation.
 *
 * @throws {TypeError} if there is no command, or a statement is empty.
 * @throws {PsrpError} `unsupported` for a secure string.
 */
export function pipelineRequest(invocation: Invocation, noInput: boolean): PipelineRequest {
  const statements = statementsOf(invocation).map((commands) => commands.map(pipelineCommand));
  if (statements.length === 0 || statements.some((commands) => commands.length === 0)) {
    throw new TypeError('A pipeline requires a command in every statement');
  }
  return { statements, noInput, addToHistory: false, isNested: false, remoteStreamOptions: 0 };
}

function statementsOf(invocation: Invocation): readonly (readonly Command[])[] {
  if (isList(invocation)) return [invocation];
  return 'statements' in invocation ? invocation.statements : [[invocation]];
}

function isList(invocation: Invocation): invocation is readonly Command[] {
  return Array.isArray(invocation);
}

function pipelineCommand(command: Command): PipelineCommand {
  const named = Object.entries(command.parameters ?? {}).flatMap(([name, value]): CommandParameter[] =>
    value === undefined ? [] : [{ name, value }],
  );
  const positional = (command.arguments ?? []).map((value) => ({ name: undefined, value }));
  const parameters = [...named, ...positional];
  if (parameters.some(({ value }) => isPsScalar(value) && value.tag === 'SS')) {
    throw new PsrpError('unsupported', 'Secure strings need a session key, and none is exchanged');
  }
  return {
    text: 'script' in command ? command.script : command.command,
    isScript: 'script' in command,
    useLocalScope: command.useLocalScope,
    parameters,
    mergeErrorToOutput: command.mergeErrorToOutput ?? false,
  };
}
