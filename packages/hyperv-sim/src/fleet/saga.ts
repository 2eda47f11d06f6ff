import {
  maxRefusals,
  type ErrorInfo,
  type OperationCheck,
  type OperationName,
  type OperationRequest,
  type OperationResult,
  type VmFacts,
} from '@aether-v/types';
import type { EngineJob, HostSteps, HyperVEngine } from '../engine/index.ts';
import { endOf, followRecord, refuseSecond } from './follow-record.ts';
import { JournalRecord } from './journal.ts';
import type { LineBody } from './json-line.ts';
import type { CheckableHandler, OperationContext } from './operation-context.ts';
import { errorInfoOf, OperationFailure, refusalOf } from './operation-failure.ts';

type Undo = () => void;

/** The files that an operation would delete, and those that it would leave. */
type Plan = Pick<OperationCheck, 'deletes' | 'remaining'>;

/** Ends a check before the first side effect of its operation. */
class CheckEnd extends Error {}

/** Adds the steps that could not be rolled back to an error. */
function withRest(info: ErrorInfo, left: readonly string[]): ErrorInfo {
  return {
    ...info,
    message: `${info.message} These changes could not be rolled back: ${left.join(' ')}`.slice(0, 4_096),
    remedy: 'Check these items on the host, and remove or restore them there.',
  };
}

/** Resolves when the job has ended, whatever its outcome. */
async function ended(job: EngineJob): Promise<void> {
  if (job.state !== 'running') return;
  await new Promise<void>((resolve) => job.onChange(() => job.state !== 'running' && resolve()));
}

/**
 * An operation of several steps (saga): each step is recorded in the journal before it runs. If a step fails or the
 * operation is cancelled, the steps so far are rolled back, the last one first.
 */
export class Saga {
  readonly engine: HyperVEngine;
  readonly hostId: string;
  readonly steps: HostSteps;
  readonly #record: JournalRecord;
  /** The refusals of a check; null while the operation runs. */
  #refusals: ErrorInfo[] | null = null;
  #plan: Plan = { deletes: [], remaining: [] };
  #undo: { readonly what: string; readonly act: Undo }[] = [];
  #committed = false;
  #planned = 1;
  #taken = 0;

  constructor({ engine, hostId }: OperationContext, record: JournalRecord) {
    this.engine = engine;
    this.hostId = hostId;
    this.steps = engine.steps(hostId);
    this.#record = record;
  }

  /** The VM; throws `not-found`. */
  vm(vmId: string): VmFacts {
    const vm = this.steps.vms.find(vmId);
    if (!vm) throw new OperationFailure('not-found', `This host has no VM ${vmId}.`);
    return vm;
  }

  /** Refuses the operation. A check records the refusal and continues with the next one. */
  refuse(...refusal: ConstructorParameters<typeof OperationFailure>): void {
    this.attempt(() => {
      throw new OperationFailure(...refusal);
    });
  }

  /** Runs one of several checks. If it refuses the operation, a check continues with undefined. */
  attempt<T>(act: () => T): T | undefined {
    try {
      return act();
    } catch (error) {
      if (!this.#refusals) throw error;
      this.#refusals.push(refusalOf(error));
      return undefined;
    }
  }

  /** Returns what an attempt has found. Without it, a check ends here. */
  need<T>(found: T | undefined): T {
    if (found === undefined) throw new CheckEnd();
    return found;
  }

  /** Sets what the operation is going to delete, before its first step. */
  intends(plan: () => Plan): void {
    if (this.#refusals?.length === 0) this.#plan = plan();
  }

  /** Sets the number of steps. */
  plan(steps: number): void {
    this.#planned = Math.max(1, steps);
  }

  /** Sets the VM of the operation, once its id is known. */
  concerns(vmId: string): void {
    this.#record.concerns(vmId);
  }

  /** Writes a line into the job's log. */
  log(message: string, level: 'info' | 'warning' = 'info'): void {
    this.#record.say(level, message);
  }

  /** Takes a step that completes immediately. */
  step<T>(message: string, act: () => T, undo?: (value: T) => void): T {
    this.#begin(message);
    const value = act();
    if (undo) this.#undo.push({ what: message, act: () => undo(value) });
    this.#taken++;
    return value;
  }

  /** Takes a step that is a job of the host, and waits for its end. Throws the error of the job. */
  async job(message: string, start: () => EngineJob, undo?: Undo): Promise<void> {
    this.#begin(message);
    const job = start();
    await this.#follow(message, job);
    if (job.error) throw job.error;
    if (undo) this.#undo.push({ what: message, act: undo });
    this.#taken++;
  }

  /** Waits until the background jobs of a VM have ended, such as merging its disks. */
  async settle(vmId: string, message: string): Promise<void> {
    for (let [job] = this.steps.background(vmId); job; [job] = this.steps.background(vmId)) {
      await this.#follow(message, job, false);
    }
  }

  /** Commits the operation: from here on it is only completed, neither rolled back nor cancelled. */
  commit(): void {
    this.#committed = true;
    this.#undo = [];
  }

  /** Runs the operation to its end, even if the client disconnects. */
  async run(body: () => Promise<unknown>): Promise<void> {
    try {
      this.#record.succeed(await body());
    } catch (error) {
      const left = this.#rollBack();
      const info = errorInfoOf(error);
      this.#record.fail(left.length === 0 ? info : withRest(info, left));
    }
  }

  /** Runs the operation up to its first side effect, and returns all its refusals. Changes nothing. */
  async check(body: () => Promise<unknown>): Promise<OperationCheck> {
    const refusals: ErrorInfo[] = [];
    this.#refusals = refusals;
    try {
      await body();
    } catch (error) {
      if (!(error instanceof CheckEnd)) refusals.push(refusalOf(error));
    }
    const plan = refusals.length === 0 ? this.#plan : { deletes: [], remaining: [] };
    return { refusals: refusals.slice(0, maxRefusals), ...plan };
  }

  #begin(message: string): void {
    if (this.#refusals) throw new CheckEnd();
    if (this.#record.cancelRequested && !this.#committed) {
      throw new OperationFailure('cancelled', `The operation was cancelled before this step: ${message}`);
    }
    this.#record.progress(this.#percent(0), message);
    this.#record.say('info', message);
  }

  #percent(partOfStep: number): number {
    return Math.min(99, Math.round((100 * (this.#taken + partOfStep)) / this.#planned));
  }

  async #follow(message: string, job: EngineJob, cancellable = true): Promise<void> {
    const look = (): void => this.#record.progress(this.#percent((job.percent ?? 0) / 100), message);
    const stop = job.onChange(look);
    if (cancellable && !this.#committed) this.#record.waitsFor(job);
    await ended(job);
    this.#record.waitsFor(null);
    stop();
  }

  /** Rolls back the steps so far. Returns the steps whose rollback failed. */
  #rollBack(): readonly string[] {
    const left: string[] = [];
    for (const { what, act } of this.#undo.reverse()) {
      this.#record.say('warning', `Rolling back: ${what}`);
      try {
        act();
      } catch (error) {
        this.#record.say('error', `The rollback of this step failed: ${what} ${errorInfoOf(error).message}`);
        left.push(what);
      }
    }
    this.#undo = [];
    return left;
  }
}

/** Runs an operation up to its first side effect. Its record is not part of the journal. */
export function checkOnly(
  context: OperationContext,
  body: (saga: Saga) => Promise<unknown>,
): Promise<OperationCheck> {
  const saga = new Saga(context, new JournalRecord(context.envelope, null, context.engine.clock));
  return saga.check(() => body(saga));
}

/** The handler of an operation that runs as a saga: at most once per id; its outcome is replayed after its end. */
export function sagaHandler<N extends OperationName>(
  carryOut: (saga: Saga, request: OperationRequest<N>) => Promise<OperationResult<N>>,
): CheckableHandler<N> {
  return {
    async *run(context, request): AsyncGenerator<LineBody, OperationResult<N>, undefined> {
      const { vmId = null } = request as { readonly vmId?: string };
      const { record, fresh } = context.journal.open(context.envelope, vmId);
      if (fresh) {
        const saga = new Saga(context, record);
        void saga.run(() => carryOut(saga, request));
        yield* followRecord(context, record);
      } else refuseSecond(record);
      return endOf(record) as OperationResult<N>;
    },
    check: (context, request) => checkOnly(context, (saga) => carryOut(saga, request)),
  };
}
