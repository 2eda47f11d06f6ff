import { Type, type Static } from 'typebox';
import { commands } from './command-table.ts';
import { commandNames, type CommandName } from './commands.ts';
import type { OperationSchema } from './operation-schema.ts';
import { operations, type OperationName, type OperationRequest, type OperationResult } from './operations.ts';

/** The operation that carries out a command. */
export type CommandOperation<C extends CommandName> = (typeof commands)[C]['plan']['operation'];
/** The request of the operation that carries out a command. */
export type CommandRequest<C extends CommandName> = OperationRequest<CommandOperation<C>>;
/** The result of a command: that of its operation. */
export type CommandResult<C extends CommandName> = OperationResult<CommandOperation<C>>;

/** Returns the operation that carries out a command. */
export function commandOperation<C extends CommandName>(
  command: C,
): OperationSchema & { readonly name: CommandOperation<C> } {
  const name: CommandOperation<C> = commands[command].plan.operation;
  const operation: OperationSchema = operations[name satisfies OperationName];
  return { ...operation, name };
}

/** The result of a job, of the shape that the operation of its command ends with. */
export const JobResult = Type.Unsafe<CommandResult<CommandName>>(
  Type.Union([...new Set(commandNames.map((name) => commandOperation(name).result))]),
);

/** The result of a job. */
export type JobResult = Static<typeof JobResult>;
