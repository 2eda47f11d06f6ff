import type { ErrorInfo, OperationName, OperationRequest, OperationResult, VmFacts } from '@aether-v/types';
import type { EngineJob, HostSteps, HyperVEngine } from '../engine/index.ts';
import { endOf, followRecord, refuseSecond } from './follow-record.ts';
import type { JournalRecord } from './journal.ts';
import type { LineBody } from './json-line.ts';
import type { OperationContext, OperationHandler } from './operation-context.ts';
import { errorInfoOf, OperationFailure } from './operation-failure.ts';

type Undo = () => void;

/** The error, with what could not be undone after it. */
function withRest(info: ErrorInfo, left: readonly string[]): ErrorInfo {
  return {
    ...info,
    message: `${info.message} These changes could not be rolled back: ${left.join(' ')}`.slice(0, 4_096),
    remedy: 'Check these items on the host, and remove or restore them there.',
  };
}

/** Resolves when the job is over, however it ended. */
async function ended(job: EngineJob): Promise<void> {
  if (job.state !== 'running') return;
  await new Promise<void>((resolve) => job.onChange(() => job.state !== 'running' && resolve()));
}

/**
 * An operation of several steps: each is said in the journal before it is taken, and when one fails, or somebody asks it to
 * end, those taken so far are undone, the last one first.
 */
export class Saga {
  readonly engine: HyperVEngine;
  readonly hostId: string;
  readonly steps: HostSteps;
  readonly #record: JournalRecord;
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
    if (!vm) throw new OperationFailure('not-found', `${this.hostId} has no VM ${vmId}.`);
    return vm;
  }

  /** Says how many steps there will be. */
  plan(steps: number): void {
    this.#planned = Math.max(1, steps);
  }

  /** Says which VM it is about, once that is known. */
  concerns(vmId: string): void {
    this.#record.concerns(vmId);
  }

  /** Writes a line into the job's log. */
  log(message: string, level: 'info' | 'warning' = 'info'): void {
    this.#record.say(level, message);
  }

  /** Takes one step that is done at once. */
  step<T>(message: string, act: () => T, undo?: (value: T) => void): T {
    this.#begin(message);
    const value = act();
    if (undo) this.#undo.push({ what: message, act: () => undo(value) });
    this.#taken++;
    return value;
  }

  /** Takes one step that is a job of the host, and waits for its end. Fails as the job does. */
  async job(message: string, start: () => EngineJob, undo?: Undo): Promise<void> {
    this.#begin(message);
    const job = start();
    await this.#follow(message, job);
    if (job.error) throw job.error;
    if (undo) this.#undo.push({ what: message, act: undo });
    this.#taken++;
  }

  /** Waits until the host has nothing left to do for a VM, such as merging its disks. */
  async settle(vmId: string, message: string): Promise<void> {
    for (let [job] = this.steps.background(vmId); job; [job] = this.steps.background(vmId)) {
      await this.#follow(message, job, false);
    }
  }

  /** From here on nothing is undone, and no cancellation is heard: what follows must be finished. */
  commit(): void {
    this.#committed = true;
    this.#undo = [];
  }

  /** Runs it to its end, whether or not anybody listens. */
  async run(body: () => Promise<unknown>): Promise<void> {
    try {
      this.#record.succeed(await body());
    } catch (error) {
      const left = this.#rollBack();
      const info = errorInfoOf(error);
      this.#record.fail(left.length === 0 ? info : withRest(info, left));
    }
  }

  #begin(message: string): void {
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

  /** Undoes what was done, and tells what could not be undone. */
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

/** The handler of an operation that is carried out as a saga: at most once by id, replayed when it is over. */
export function sagaHandler<N extends OperationName>(
  carryOut: (saga: Saga, request: OperationRequest<N>) => Promise<OperationResult<N>>,
): OperationHandler<N> {
  return async function* (context, request): AsyncGenerator<LineBody, OperationResult<N>, undefined> {
    const { vmId = null } = request as { readonly vmId?: string };
    const { record, fresh } = context.journal.open(context.envelope, vmId);
    if (fresh) {
      const saga = new Saga(context, record);
      void saga.run(() => carryOut(saga, request));
      yield* followRecord(context, record);
    } else refuseSecond(record);
    return endOf(record) as OperationResult<N>;
  };
}
