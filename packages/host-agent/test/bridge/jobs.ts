import { randomUUID } from 'node:crypto';
import type { EngineClock, EngineError, EngineJob } from '@aether-v/hyperv-sim/engine';
import type { CimObject } from './wql.ts';

/** vmms forgets a job five minutes after its end. */
const keptMs = 5 * 60_000;

/** The classes of jobs, which share nothing but CIM_ConcreteJob. */
export const jobClasses = ['Msvm_ConcreteJob', 'Msvm_StorageJob', 'Msvm_MigrationJob'] as const;

/** The class of a job. */
export type JobClass = (typeof jobClasses)[number];

interface Kept {
  readonly className: JobClass;
  /** The VM that a migration moves. */
  readonly vmId: string | null;
  readonly job: Pick<EngineJob, 'state' | 'percent' | 'error' | 'cancel'>;
  endedAt: number | null;
}

/** The jobs of one host's vmms: they outlive whoever asked for them. */
export class JobTable {
  readonly #clock: EngineClock;
  readonly #jobs = new Map<string, Kept>();

  constructor(clock: EngineClock) {
    this.#clock = clock;
  }

  /** Takes a job over. Returns its InstanceID. */
  add(job: EngineJob, className: JobClass, vmId: string | null = null): string {
    const id = randomUUID().toUpperCase();
    const kept: Kept = { className, job, vmId, endedAt: job.state === 'running' ? null : this.#clock.now() };
    job.onChange(() => {
      if (job.state !== 'running') kept.endedAt ??= this.#clock.now();
    });
    this.#jobs.set(id, kept);
    return id;
  }

  /** A job that has failed as it began: how Hyper-V tells what is found out after the call was accepted. */
  addFailed(error: EngineError, className: JobClass): string {
    const id = randomUUID().toUpperCase();
    const job = { state: 'failed', percent: 0, error, cancel: () => false } as const;
    this.#jobs.set(id, { className, job, vmId: null, endedAt: this.#clock.now() });
    return id;
  }

  /** The jobs of these classes, by InstanceID. */
  rows(classNames: readonly JobClass[], describe: (error: EngineError) => string): CimObject[] {
    const now = this.#clock.now();
    for (const [id, { endedAt }] of this.#jobs)
      if (endedAt !== null && now - endedAt > keptMs) this.#jobs.delete(id);
    const wanted = [...this.#jobs].filter(([, { className }]) => classNames.includes(className));
    return wanted.map(([InstanceID, { job, vmId }]) => ({
      InstanceID,
      VirtualSystemName: vmId?.toUpperCase() ?? null,
      JobState: jobState(job),
      PercentComplete: job.percent ?? 0,
      // 32778: the method's own code for too little memory, the one failure that the engine has at a start.
      ErrorCode: job.error && job.error.code !== 'cancelled' ? 32_778 : 0,
      ErrorDescription: job.error ? describe(job.error) : '',
    }));
  }

  /** Forgets every job, as vmms does when it stops. */
  forget(): void {
    this.#jobs.clear();
  }

  /** CIM_ConcreteJob.RequestStateChange. */
  cancel(InstanceID: string): number {
    const kept = this.#jobs.get(InstanceID);
    return kept?.job.cancel() ? 0 : 32_775;
  }
}

function jobState({ state, error }: Kept['job']): number {
  if (state === 'running') return 4;
  if (state === 'completed') return 7;
  return state === 'cancelled' || error?.code === 'cancelled' ? 9 : 10;
}
