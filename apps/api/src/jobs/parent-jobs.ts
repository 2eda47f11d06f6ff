import {
  isCommandName,
  isJobFinal,
  maxChildren,
  type CommandName,
  type ErrorInfo,
  type JobSubject,
} from '@aether-v/types';
import { Inject, Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Principal } from '../auth/principal.ts';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { newOperationId } from '../common/operation-id.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import { ProblemError, validationFailed } from '../problems/problem-error.ts';
import { ChildBars } from './child-bars.ts';
import { IdempotencyKeys, type KeyedFamily, type KeyedRequest } from './idempotency.ts';
import { JobQueue, type JobOrder } from './job-queue.ts';
import { JobRequests } from './job-requests.ts';
import { JobRows } from './job-rows.ts';
import { endedJob, lostJob, queuedJob, type JobRow } from './job-transitions.ts';
import type { NoteContent } from './journal-notes.ts';
import { alreadyRunning, notKnown, planTooLong, secretLost, stopped } from './parent-errors.ts';
import { childOrder, waitingChildren, type Child, type Family } from './parent-family.ts';
import { decodePlan, encodePlan, plannedChild, type ChildOrder, type ParentPlan } from './parent-plan.ts';
import { childrenToSend, childrenToStop, isOver, parentOf } from './parent-progress.ts';

/** A job with children. */
export interface ParentOrder {
  readonly command: CommandName;
  readonly title: string;
  readonly subject: JobSubject;
  readonly order: ParentPlan['order'];
  /** From 1 to `maxChildren`. */
  readonly children: readonly ChildOrder[];
  readonly principal: Principal;
  readonly keyed?: KeyedFamily | undefined;
  /** The job that it retries. */
  readonly retryOf?: string;
  /** Text for the job itself, such as about objects that were left out: its message, and warnings for its log. */
  readonly remarks?: { readonly message: string; readonly log: readonly string[] };
}

/** The maximum length of a plan in a note, in characters. This leaves room for the rest of the note. */
const maxPlanLength = 48 * 1024;

/** The maximum age of a parent that is continued after a restart, in milliseconds. */
export const resumeWithin = 3_600_000;

/** The maximum number of ended parents that are remembered, so that no journal restores them. */
const maxOver = 10_000;

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
  /** The ids of the parents that have ended since the service started. */
  readonly #over = new Set<string>();
  readonly #unsubscribe: () => void;

  constructor(
    store: FleetStore,
    private readonly rows: JobRows,
    private readonly queue: JobQueue,
    private readonly bars: ChildBars,
    private readonly keys: IdempotencyKeys,
    private readonly requests: JobRequests,
    @Inject(clockToken) private readonly clock: Clock,
  ) {
    this.#unsubscribe = store.subscribe((change) => {
      if (change.kind === 'job' && change.type === 'row') this.#onRow(change.row);
    });
    rows.onForgotten(({ id }) => this.#onForgotten(id));
  }

  onApplicationShutdown(): void {
    this.#unsubscribe();
  }

  /**
   * Creates a job with children; a repeated key returns the earlier job.
   *
   * @throws ProblemError if it has no or too many children, its plan is too long, or the key was used for another
   * request.
   */
  accept(ordered: ParentOrder): JobRow {
    const { command, title, subject, order, children, principal, keyed, retryOf, remarks } = ordered;
    if (this.queue.shutdown.aborted) throw new ProblemError('shutting-down', 'The service is shutting down.');
    const repeatedId = keyed === undefined ? undefined : this.keys.find(keyed.all);
    const repeated = repeatedId === undefined ? undefined : this.rows.get(repeatedId);
    if (repeated !== undefined) return repeated;
    if (children.length < 1 || children.length > maxChildren) {
      const message = `must have 1 to ${maxChildren} items, not ${children.length}`;
      throw validationFailed([{ field: 'children', message }]);
    }
    const id = newOperationId(this.clock.now());
    const retry = retryOf === undefined ? {} : { retryOf };
    const plan = { command, title, subject, order, ...retry, children: children.map(plannedChild) };
    const { name, id: actorId } = principal;
    const planText = encodePlan(plan);
    if (planText.length > maxPlanLength || decodePlan(planText) === undefined) throw planTooLong();
    const requests = children.map(({ request }) => request);
    const actor = { id: actorId, name };
    const family = { id, plan, planText, actor, acceptedAt: this.rows.now(), isRestored: false };
    const job = this.#start(family, requests, keyed?.each);
    if (keyed !== undefined) this.keys.keepFamily(keyed, id);
    if (remarks === undefined) return job;
    this.rows.update(id, (row) => ({ ...row, message: remarks.message }));
    for (const message of remarks.log) this.rows.log(id, { at: this.rows.now(), level: 'warning', message });
    return this.rows.get(id) ?? job;
  }

  /** Returns whether a note has the plan of a parent that is neither known nor too old to be continued. */
  continues({ acceptedAt, parent }: NoteContent): boolean {
    if (parent?.plan === undefined || this.#families.has(parent.id) || this.#over.has(parent.id))
      return false;
    return this.clock.now() - Date.parse(acceptedAt) <= resumeWithin;
  }

  /** Restores the parent whose plan is in a note, if it is to be continued. */
  restore(note: NoteContent): void {
    const { actor, acceptedAt, parent } = note;
    if (parent?.plan === undefined || !this.continues(note)) return;
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

  /** Returns whether an earlier run of the service may have sent a waiting child. */
  mayHaveBegun(childId: string): boolean {
    return this.#childOf.get(childId)?.family.isRestored === true;
  }

  #start(
    begun: Omit<Family, 'children' | 'isPlanKept'>,
    requests: readonly unknown[],
    keyed: readonly KeyedRequest[] = [],
  ): JobRow {
    const { id, plan, actor, acceptedAt, isRestored } = begun;
    const children = waitingChildren(id, plan, requests, keyed);
    const family = { ...begun, children, isPlanKept: isRestored };
    const { command, title, subject, retryOf } = plan;
    const common = { actor: actor.name, source: 'service' as const };
    const retry = retryOf === undefined ? {} : { retryOf };
    const job = queuedJob({ ...common, ...retry, id, command, title, subject, hostId: null }, acceptedAt);
    // Every host with a child can compute the ids of the family, and may have reported anything under them.
    this.rows.disown(id);
    const add = (row: JobRow): void => (isRestored ? this.rows.addRestored(row) : this.rows.add(row));
    add(parentOf(job, children, this.rows.now()));
    this.#families.set(id, family);
    for (const [index, child] of children.entries()) {
      const known = this.rows.get(child.id);
      if (known?.parentId !== id) this.rows.disown(child.id);
      this.#childOf.set(child.id, { family, child });
      if (known?.parentId === id) {
        child.isSent = true;
        this.#note(child, known);
        continue;
      }
      const { planned } = child;
      const step = { number: index + 1, of: children.length };
      this.requests.restore(child.id, child.request, planned.hasSecrets);
      const identity = { ...common, id: child.id, command: planned.command, title: planned.title };
      const about = { subject: planned.subject, hostId: planned.hostId, parentId: id, step };
      add(queuedJob({ ...identity, ...about }, acceptedAt));
    }
    this.#advance(family);
    return this.rows.get(id) ?? job;
  }

  #onRow(row: JobRow): void {
    const known = this.#childOf.get(row.id);
    if (known === undefined) return;
    this.#note(known.child, row);
    this.#advanceSoon(known.family);
  }

  /** Handles the removal of a row. If it was that of a child with an unknown outcome, the outcome stays unknown. */
  #onForgotten(jobId: string): void {
    const known = this.#childOf.get(jobId);
    if (known === undefined || isOver(known.child)) return;
    known.child.isForgotten = true;
    this.#advanceSoon(known.family);
  }

  /** Listeners must not change the store synchronously. */
  #advanceSoon(family: Family): void {
    if (this.#due.size === 0) queueMicrotask(() => this.#advanceDue());
    this.#due.add(family);
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
    for (const index of childrenToStop(plan.order, children)) this.#end(family, index, stopped);
    for (const index of childrenToSend(plan.order, children, family.isPlanKept)) this.#send(family, index);
    this.rows.update(id, (job) => parentOf(job, children, this.rows.now()));
    this.#bar(family);
    if (!children.every(isOver)) return;
    this.#families.delete(id);
    for (const child of children) this.#childOf.delete(child.id);
    this.#over.add(id);
    for (const oldest of this.#over) {
      if (this.#over.size <= maxOver) break;
      this.#over.delete(oldest);
    }
  }

  /** Blocks the ids of children that ended without starting: otherwise the plan would start them after a restart. */
  #bar({ acceptedAt, isRestored, children }: Family): void {
    if (isRestored) return;
    const until = Date.parse(acceptedAt) + resumeWithin;
    for (const child of children) {
      const hasEnded = isJobFinal(child.state) && child.state !== 'succeeded';
      if (!hasEnded || child.hasBegun || child.isBarred) continue;
      child.isBarred = true;
      this.bars.bar({ id: child.id, hostId: child.planned.hostId, until });
    }
  }

  /** Ends a child that is not sent. If an earlier run may have sent it, only its host's journal shows the outcome. */
  #end({ children, isRestored }: Family, index: number, error: ErrorInfo): void {
    const child = children[index];
    if (child === undefined) return;
    child.isSent = true;
    this.rows.update(child.id, (job) =>
      isRestored ? lostJob(job, error) : endedJob(job, this.rows.now(), error),
    );
  }

  #send(family: Family, index: number): void {
    const child = family.children[index];
    if (child === undefined) return;
    child.isSent = true;
    const { planned, request } = child;
    const { kind, id: subjectId, name } = planned.subject;
    const { command } = planned;
    if (!isCommandName(command) || subjectId === null) {
      this.#end(family, index, notKnown);
      return;
    }
    const underWay = this.rows.underWay(command, subjectId, child.id);
    const refusal = request === null ? secretLost : underWay === undefined ? null : alreadyRunning(underWay);
    if (refusal !== null) {
      this.#end(family, index, refusal);
      return;
    }
    const order: JobOrder = {
      ...childOrder(family, index, child),
      command,
      subject: { kind, id: subjectId, name: name ?? subjectId },
      onBegun: () => {
        child.hasBegun = true;
        if (family.isPlanKept) return;
        family.isPlanKept = true;
        this.#advance(family);
      },
    };
    try {
      this.queue.add(child.id, order, this.queue.note(child.id, order));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      this.#end(family, index, { code: error.code, message: error.message, remedy: null });
    }
  }
}
