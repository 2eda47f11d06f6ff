import type { CommandName, CommandSubject } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.ts';
import { ProblemError } from '../problems/problem-error.ts';
import type { JobRow } from './job-transitions.ts';
import type { ChildOrder } from './parent-plan.ts';

/** A command that was requested before. */
export interface RepeatedCommand {
  readonly command: CommandName;
  /** The request of its operation. */
  readonly request: object;
  readonly subjectId: string;
  readonly principal: Principal;
}

/** A command as it would be sent now, with all reasons why the service refuses it. */
export interface CheckedCommand {
  readonly job: ChildOrder;
  readonly refusals: readonly ProblemError[];
  /** Called with the job that was created for the command. */
  readonly onAccepted?: ((job: JobRow) => void) | undefined;
}

/** Checks a command as if it were new. @throws ProblemError if its subject does not exist for the principal. */
type Check = (repeated: RepeatedCommand) => CheckedCommand;

/** Reads what a check needs from a host. @returns The check with the state of the fleet when it is called. */
type PreparedCheck = (repeated: RepeatedCommand) => Promise<() => CheckedCommand>;

/** Checks commands that are not sent by their own routes, by command or by the kind of their subject. */
@Injectable()
export class CommandChecks {
  readonly #checks = new Map<CommandSubject, Check>();
  readonly #prepared = new Map<CommandName, PreparedCheck>();

  /** Registers the check for all commands with this kind of subject. */
  register(kind: CommandSubject, check: Check): void {
    this.#checks.set(kind, check);
  }

  /** Registers the check for a command that depends on what its host reports. */
  registerCommand(command: CommandName, check: PreparedCheck): void {
    this.#prepared.set(command, check);
  }

  /** Prepares the check of a command, which may need data of its host. @throws ProblemError as the check. */
  async prepare(kind: CommandSubject, repeated: RepeatedCommand): Promise<() => CheckedCommand> {
    const prepared = this.#prepared.get(repeated.command);
    return prepared === undefined ? () => this.check(kind, repeated) : await prepared(repeated);
  }

  /** Checks a command without asking its host. @throws ProblemError if its subject does not exist for the principal. */
  check(kind: CommandSubject, repeated: RepeatedCommand): CheckedCommand {
    const check = this.#checks.get(kind);
    if (check === undefined) throw new TypeError(`No check is registered for commands about ${kind}.`);
    return check(repeated);
  }
}
