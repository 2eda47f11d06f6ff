import {
  commandNames,
  isJobFinal,
  maxChildren,
  type CommandName,
  type CommandRequest,
  type ErrorInfo,
  type JobSubject,
} from '@aether-v/types';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Principal } from '../auth/principal.ts';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { childOperationId, newOperationId } from '../common/operation-id.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import { ProblemError, validationFailed } from '../problems/problem-error.ts';
import { JobQueue, type JobOrder } from './job-queue.ts';
import { JobRows } from './job-rows.ts';
import { endedJob, queuedJob, type JobRow } from './job-transitions.ts';
import type { NoteContent } from './journal-notes.ts';
import {
  decodePlan,
  encodePlan,
  plannedChild,
  type ChildOrder,
  type ParentPlan,
  type PlannedChild,
} from './parent-plan.ts';
import { childrenToSend, childrenToStop, parentOf, type ChildProgress } from './parent-progress.ts';

/** A job with children. */
export interface ParentOrder {
  readonly command: CommandName;
  readonly title: string;
  readonly subject: JobSubject;
  readonly order: ParentPlan['order'];
  /** From 1 to `maxChildren`. */
  readonly children: readonly ChildOrder[];
  readonly principal: Principal;
}

interface Child extends ChildProgress {
  readonly id: string;
  readonly planned: PlannedChild;
  /** Null if the child was restored from a journal and its request contained secrets. */
  readonly request: unknown;
  state: ChildProgress['state'];
  isSent: boolean;
  percent: number | null;
  error: ErrorInfo | null;
}

interface Family {
  readonly id: string;
  readonly plan: ParentPlan;
  readonly actor: NoteContent['actor'];
  readonly acceptedAt: string;
  /** The plan as notes carry it. */
  readonly planText: string;
  readonly children: readonly Child[];
  /** True if an earlier run of the service may have sent its children. */
  readonly isRestored: boolean;
  isPlanKept: boolean;
}

/** The maximum length of a plan in a note, in characters; the rest of the note needs less than the rest of its length. */
const maxPlanLength = 48 * 1024;

/** The maximum age of a parent that is continued after a restart, in milliseconds. */
export const resumeWithin = 3_600_000;

/**
 * Runs jobs with children. The first child that begins carries the plan into its host's journal, so that after a
 * restart the service can restore the parent and continue: it sends the children again with the same ids, and a host
 * runs each id at most once.
 */
@Injectable()
export class ParentJobs implements OnApplicationShutdown {
  readonly #log = new Logger('Jobs');
  readonly #families = new Map<string, Family>();
  readonly #childOf = new Map<string, { readonly family: Family; readonly child: Child }>();
  readonly #due = new Set<Family>();
  readonly #unsubscribe: () => void;

  constructor(
    store: FleetStore,
    private readonly rows: JobRows,
    private readonly queue: JobQueue,
    @Inject(clockToken) private readonly clock: Clock,
  ) {
    this.#unsubscribe = store.subscribe((change) => {
      if (change.kind === 'job' && change.type === 'row') this.#onRow(change.row);
    });
  }

  onApplicationShutdown(): void {
    this.#unsubscribe();
  }

  /** Creates a job with children. @throws ProblemError if it has none or too many, or if no journal would take its plan. */
  accept({ command, title, subject, order, children, principal }: ParentOrder): JobRow {
    if (children.length < 1 || children.length > maxChildren) {
      const message = `must have 1 to ${maxChildren} items, not ${children.length}`;
      throw validationFailed([{ field: 'children', message }]);
    }
    const id = newOperationId(this.clock.now());
    const plan = { command, title, subject, order, children: children.map(plannedChild) };
    const { name, id: actorId } = principal;
    const planText = encodePlan(plan);
    if (planText.length > maxPlanLength) throw planTooLong();
    const requests = children.map(({ request }) => request);
    const actor = { id: actorId, name };
    return this.#start(
      { id, plan, planText, actor, acceptedAt: this.rows.now(), isRestored: false },
      requests,
    );
  }

  /** Restores the parent whose plan is in a journal, unless it is known or too old to be continued. */
  restore({ actor, acceptedAt, parent }: NoteContent): void {
    if (parent?.plan === undefined || this.#families.has(parent.id)) return;
    if (this.rows.get(parent.id) !== undefined || this.rows.isForgotten(parent.id)) return;
    if (this.clock.now() - Date.parse(acceptedAt) > resumeWithin) return;
    const plan = decodePlan(parent.plan);
    if (plan === undefined) return;
    const requests = plan.children.map(({ request, hasSecrets }) => (hasSecrets ? null : request));
    this.#log.log(`Continuing job ${parent.id} (${plan.title}) after a restart.`);
    const family = { id: parent.id, plan, planText: parent.plan, actor, acceptedAt, isRestored: true };
    this.#start(family, requests);
  }

  /** Returns the ids of a parent's children; empty for a job without children. */
  childrenOf(parentId: string): readonly string[] {
    return this.#families.get(parentId)?.children.map(({ id }) => id) ?? [];
  }

  /** Tests whether an earlier start of the service may have sent a child that waits. */
  mayHaveBegun(childId: string): boolean {
    return this.#childOf.get(childId)?.family.isRestored === true;
  }

  #start(begun: Omit<Family, 'children' | 'isPlanKept'>, requests: readonly unknown[]): JobRow {
    const { id, plan, actor, acceptedAt, isRestored } = begun;
    const children = plan.children.map((planned, index): Child => {
      const childId = childOperationId(id, index + 1);
      return {
        id: childId,
        planned,
        request: requests[index],
        name: planned.subject.name ?? planned.title,
        state: 'queued',
        isSent: false,
        percent: null,
        error: null,
      };
    });
    const family = { ...begun, children, isPlanKept: isRestored };
    const { command, title, subject } = plan;
    const common = { actor: actor.name, source: 'service' as const };
    const job = queuedJob({ ...common, id, command, title, subject, hostId: null }, acceptedAt);
    this.rows.add(parentOf(job, children, this.rows.now()));
    this.#families.set(id, family);
    for (const [index, child] of children.entries()) {
      this.#childOf.set(child.id, { family, child });
      const known = this.rows.get(child.id);
      if (known !== undefined) {
        child.isSent = true;
        this.#note(child, known);
        continue;
      }
      const { planned } = child;
      const step = { number: index + 1, of: children.length };
      const identity = { ...common, id: child.id, command: planned.command, title: planned.title };
      const about = { subject: planned.subject, hostId: planned.hostId, parentId: id, step };
      this.rows.add(queuedJob({ ...identity, ...about }, acceptedAt));
    }
    this.#advance(family);
    return this.rows.get(id) ?? job;
  }

  #onRow(row: JobRow): void {
    const known = this.#childOf.get(row.id);
    if (known === undefined) return;
    this.#note(known.child, row);
    // Listeners must not change the store synchronously.
    if (this.#due.size === 0) queueMicrotask(() => this.#advanceDue());
    this.#due.add(known.family);
  }

  #note(child: Child, { state, percent, error }: JobRow): void {
    Object.assign(child, { state, percent, error });
  }

  #advanceDue(): void {
    const due = [...this.#due];
    this.#due.clear();
    for (const family of due) this.#advance(family);
  }

  #advance(family: Family): void {
    if (this.queue.shutdown.aborted) return;
    const { id, plan, children } = family;
    for (const index of childrenToStop(plan.order, children)) this.#end(children[index], notStarted);
    for (const index of childrenToSend(plan.order, children, family.isPlanKept)) this.#send(family, index);
    this.rows.update(id, (job) => parentOf(job, children, this.rows.now()));
    const isOver = children.every(({ state }) => isJobFinal(state));
    if (!isOver) return;
    this.#families.delete(id);
    for (const child of children) this.#childOf.delete(child.id);
  }

  #end(child: Child | undefined, error: ErrorInfo): void {
    if (child !== undefined) this.rows.update(child.id, (job) => endedJob(job, this.rows.now(), error));
  }

  #send(family: Family, index: number): void {
    const child = family.children[index];
    if (child === undefined) return;
    child.isSent = true;
    const { planned, request } = child;
    const { kind, id: subjectId, name } = planned.subject;
    const command = commandNames.find((one) => one === planned.command);
    if (command === undefined || subjectId === null) {
      this.#end(child, notKnown);
      return;
    }
    const underWay = this.rows.underWay(command, subjectId, child.id);
    const refusal = request === null ? secretLost : underWay === undefined ? null : alreadyRunning(underWay);
    if (refusal !== null) {
      this.#end(child, refusal);
      return;
    }
    const parent = { id: family.id, number: index + 1, of: family.children.length };
    const order: JobOrder = {
      command,
      // Checked when the parent was accepted, and signed by this service in the journal; the host checks it again.
      request: request as CommandRequest<CommandName>,
      hostId: planned.hostId,
      subject: { kind, id: subjectId, name: name ?? subjectId },
      actor: family.actor,
      acceptedAt: family.acceptedAt,
      keyed: undefined,
      parent: family.isPlanKept ? parent : { ...parent, plan: family.planText },
      mayHaveBegun: family.isRestored,
      onBegun: () => {
        if (family.isPlanKept) return;
        family.isPlanKept = true;
        this.#advance(family);
      },
    };
    try {
      this.queue.add(child.id, order, this.queue.note(child.id, order));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      this.#end(child, { code: error.code, message: `Not started: ${error.message}`, remedy: null });
    }
  }
}

function planTooLong(): ProblemError {
  return new ProblemError(
    'payload-too-large',
    'The requests are too long together. Send them in smaller groups.',
  );
}

function alreadyRunning({ id, title }: JobRow): ErrorInfo {
  return {
    code: 'already-running',
    message: `Another job already does this: ${id} (${title}).`,
    remedy: null,
  };
}

const notStarted: ErrorInfo = {
  code: 'cancelled',
  message: 'Not started, because an earlier step failed or was cancelled.',
  remedy: null,
};

const secretLost: ErrorInfo = {
  code: 'cancelled',
  message: 'Not started: the service restarted, and the request contained a secret, which is not stored.',
  remedy: 'Send the request again.',
};

const notKnown: ErrorInfo = {
  code: 'not-supported',
  message: 'Not started: this version of the service does not support the command.',
  remedy: null,
};
