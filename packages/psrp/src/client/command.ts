import { isPsScalar, type PsValue } from '../clixml/index.ts';
import {
  PsrpError,
  type CommandParameter,
  type PipelineCommand,
  type PipelineRequest,
} from '../core/index.ts';

/** What a command and a script have in common. */
export interface InvocationParts {
  /** By name; a switch is `true`. What is undefined is left out. */
  readonly parameters?: Readonly<Record<string, PsValue | undefined>>;
  /** By position. */
  readonly arguments?: readonly PsValue[];
  /** Whether it runs in a scope of its own, so that it leaves no variables behind in a reused runspace. */
  readonly useLocalScope?: boolean;
  /** Sends its error stream to its output, as `2>&1` does. */
  readonly mergeErrorToOutput?: boolean;
}

/** A command by its name. It works everywhere, also where the language is restricted (JEA). */
export interface NamedCommand extends InvocationParts {
  readonly command: string;
}

/** PowerShell source. Never put a user's text into it: pass values as parameters. */
export interface Script extends InvocationParts {
  readonly script: string;
}

/** One element of a pipeline. */
export type Command = NamedCommand | Script;

/** What to run: a command, several that pipe into each other, or several statements one after the other. */
export type Invocation =
  Command | readonly Command[] | { readonly statements: readonly (readonly Command[])[] };

/**
 * The request that an invocation stands for.
 *
 * @throws {TypeError} if there is no command, or a statement is empty.
 * @throws {PsrpError} `unsupported` for a secure string.
 */
export function pipelineRequest(invocation: Invocation, noInput: boolean): PipelineRequest {
  const statements = statementsOf(invocation).map((commands) => commands.map(pipelineCommand));
  if (statements.length === 0 || statements.some((commands) => commands.length === 0)) {
    throw new TypeError('A pipeline needs a command in every statement');
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
