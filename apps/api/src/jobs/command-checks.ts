import { type CommandName, type CommandSubject } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.ts';
import { ProblemError } from '../problems/problem-error.ts';
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
}

/** Checks a command as if it were new. @throws ProblemError if its subject does not exist for the principal. */
type Check = (repeated: RepeatedCommand) => CheckedCommand;

/** Checks commands that are not sent by their own routes, by the kind of their subject. */
@Injectable()
export class CommandChecks {
  readonly #checks = new Map<CommandSubject, Check>();

  /** Registers the check for all commands with this kind of subject. */
  register(kind: CommandSubject, check: Check): void {
    this.#checks.set(kind, check);
  }

  /** Checks a command. @throws ProblemError if its subject does not exist for the principal. */
  check(kind: CommandSubject, repeated: RepeatedCommand): CheckedCommand {
    const check = this.#checks.get(kind);
    if (check === undefined) throw new TypeError(`No check is registered for commands about ${kind}.`);
    return check(repeated);
  }
}
