import {
  commandOperation,
  operations,
  timestamp,
  type CommandName,
  type CommandRequest,
  type ErrorInfo,
  type JobSubject,
  type OperationCheck,
  type Placement,
  type Plan,
} from '@aether-v/types';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.ts';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { HostOperations } from '../host-adapter/agent/host-operations.ts';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { refusalInfo } from '../problems/refusals.ts';
import { DryRun } from './dry-run.ts';
import { jobTitle } from './job-title.ts';
import { Preparations } from './preparations.ts';

/** A command to be checked. */
export interface PlannedCommand<C extends CommandName = CommandName> {
  readonly command: C;
  readonly request: CommandRequest<C>;
  /** Null if no host is suitable. */
  readonly hostId: string | null;
  readonly subject: JobSubject;
  readonly principal: Principal;
  /** Refusals by the service. */
  readonly refusals: readonly ProblemError[];
  readonly placement?: Placement | null;
  /** The dry run that it belongs to, if there are several commands. */
  readonly dryRun?: DryRun;
  /** Ends the check, in addition to its time limit: the caller has disconnected. */
  readonly signal?: AbortSignal | undefined;
}

/** Time limit of a check on a host, including its preparation, in milliseconds. */
const checkTimeoutMs = 60_000;

/** Refusals after which the host cannot be asked, or could be asked about another VM. */
const unaskable: ReadonlySet<string> = new Set(['disputed', 'host-unavailable']);

/** Makes plans: checks commands without running them. */
@Injectable()
export class PlansService {
  constructor(
    private readonly hosts: HostOperations,
    private readonly preparations: Preparations,
    @Inject(clockToken) private readonly clock: Clock,
  ) {}

  /**
   * Returns the plan of a command: the refusals of the service, and those of the host's own checks.
   *
   * @throws HostOperationError if the host cannot carry out the check; the signal's reason if it was aborted.
   */
  async plan<C extends CommandName>(planned: PlannedCommand<C>): Promise<Plan> {
    const { command, request, hostId, subject, refusals, placement = null } = planned;
    const isAskable = hostId !== null && !refusals.some(({ code }) => unaskable.has(code));
    const checked = isAskable ? await this.#check(planned, hostId) : unchecked([]);
    const told = new Set(checked.refusals.map(({ code }) => code));
    // The host's explanation replaces the service's wrong-state. If the host does not refuse, the service's refusal
    // stays, because the command itself would be refused.
    const own = refusals
      .filter((refusal) => !(isAboutState(refusal) && told.has(refusal.code)))
      .map(refusalInfo);
    const all = [...own, ...checked.refusals];
    return {
      ok: all.length === 0,
      command,
      title: jobTitle(command, subject, request),
      subject,
      hostId,
      checkedAt: timestamp(this.clock.now()),
      refusals: all,
      deletes: checked.deletes,
      remaining: checked.remaining,
      placement,
    };
  }

  async #check<C extends CommandName>(
    { command, request, subject, principal, dryRun: given, signal: stop }: PlannedCommand<C>,
    hostId: string,
  ): Promise<OperationCheck> {
    const dryRun = given ?? new DryRun([request]);
    const controller = new AbortController();
    const ends = [stop, given?.signal].filter((one) => one !== undefined);
    const signal = AbortSignal.any([controller.signal, ...ends]);
    const cancel = this.clock.schedule(checkTimeoutMs, () => controller.abort(tooSlow()));
    const actor = principal.name;
    const prepare = this.preparations.of(command, { request, subjectId: subject.id ?? '' });
    try {
      const prepared = (await prepare?.({ actor, signal, dryRun, note: () => undefined })) ?? request;
      // The readings for one command are no longer needed.
      if (given === undefined) dryRun.end();
      const op = commandOperation(command).name;
      return await this.hosts.invoke(
        hostId,
        'operation.check',
        { op, request: prepared },
        { actor, signal, deadline: new Date(this.clock.now() + checkTimeoutMs) },
      );
    } catch (error) {
      if (error instanceof HostOperationError && isRefusal(command, error)) return unchecked([infoOf(error)]);
      throw error;
    } finally {
      if (given === undefined) dryRun.end();
      cancel();
    }
  }
}

/**
 * Returns whether the service derived a refusal from the state in a VM's row. The host explains it with newer data. Other
 * refusals have a different cause than the host's, even if the code is the same.
 */
function isAboutState({ code, extras }: ProblemError): boolean {
  return code === 'wrong-state' && extras.state !== undefined;
}

function tooSlow(): HostOperationError {
  const message = `The check took longer than ${checkTimeoutMs / 1000} s.`;
  return new HostOperationError('host-timeout', message, { began: false, remedy: 'Try again later.' });
}

/** Returns whether an error of a preparation or a check is one that the command itself would end with. */
function isRefusal(command: CommandName, { code }: HostOperationError): boolean {
  const { errors } = operations[commandOperation(command).name];
  return (errors as readonly string[]).includes(code);
}

function infoOf({ code, message, remedy }: HostOperationError): ErrorInfo {
  return { code, message, remedy };
}

function unchecked(refusals: ErrorInfo[]): OperationCheck {
  return { refusals, deletes: [], remaining: [] };
}
