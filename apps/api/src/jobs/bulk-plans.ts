import { commandRow, timestamp, type BulkPlan, type CommandName, type Plan } from '@aether-v/types';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.ts';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';
import { Limiter, type Release } from '../host-adapter/limits/limiter.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { refusalInfo } from '../problems/refusals.ts';
import type { BulkItem } from './bulk-jobs.ts';
import { DryRun } from './dry-run.ts';
import { PlansService } from './plans.service.ts';

/** The maximum number of concurrent checks of one request on one host. */
const checksPerHost = 4;

/** Time limit of a dry run for several VMs, in milliseconds. The console waits 60 seconds for its response. */
const planTimeoutMs = 50_000;

/** The caller of a dry run. */
interface PlanCaller {
  readonly principal: Principal;
  /** Aborted when the caller has disconnected: hosts are not asked any more. */
  readonly signal?: AbortSignal;
}

/** Makes plans of commands for several VMs. */
@Injectable()
export class BulkPlans {
  constructor(
    private readonly plans: PlansService,
    @Inject(clockToken) private readonly clock: Clock,
  ) {}

  /**
   * Returns the plans of a command, one for each VM, in their order. VMs that were not checked before the time limit are
   * refused with `host-timeout`.
   *
   * @throws ProblemError if the caller disconnects.
   */
  async plan(command: CommandName, items: readonly BulkItem[], caller: PlanCaller): Promise<BulkPlan> {
    const { principal } = caller;
    const places = new Map<string, Limiter>();
    const dryRun = new DryRun(
      items.flatMap(({ job }) => job?.request ?? []),
      caller.signal,
    );
    const late = new AbortController();
    const cancel = this.clock.schedule(planTimeoutMs, () => late.abort(tooSlow()));
    const signal = AbortSignal.any([dryRun.signal, late.signal]);
    const check = async (item: BulkItem): Promise<Plan> => {
      const { job, refusals } = item;
      if (job === null) return this.#unchecked(command, item, refusals);
      const limiter = places.get(job.hostId) ?? new Limiter(checksPerHost);
      places.set(job.hostId, limiter);
      let release: Release | undefined;
      try {
        release = await limiter.acquire(signal);
        return await this.plans.plan({ ...job, principal, refusals, dryRun, signal });
      } catch (error) {
        if (dryRun.signal.aborted) throw error;
        const isRefusal = error instanceof HostOperationError || error instanceof ProblemError;
        if (!isRefusal) throw error;
        return this.#unchecked(command, item, [...refusals, error]);
      } finally {
        release?.();
      }
    };
    try {
      const plans = await Promise.all(items.map(check));
      return { ok: plans.every(({ ok }) => ok), items: plans };
    } finally {
      cancel();
      dryRun.end();
    }
  }

  /** Returns the plan of a VM that its host was not asked about. */
  #unchecked(
    command: CommandName,
    { vmId, name, job }: BulkItem,
    refusals: readonly (ProblemError | HostOperationError)[],
  ): Plan {
    return {
      ok: false,
      command,
      title: `${commandRow(command).title} ${name ?? vmId}`,
      subject: { kind: 'vm', id: vmId, name },
      hostId: job?.hostId ?? null,
      checkedAt: timestamp(this.clock.now()),
      refusals: refusals.map((error) => (error instanceof ProblemError ? refusalInfo(error) : error.info)),
      deletes: [],
      remaining: [],
      placement: null,
    };
  }
}

function tooSlow(): HostOperationError {
  const message = `The VM was not checked, because the dry run took longer than ${planTimeoutMs / 1000} s.`;
  const remedy = 'Try again later, or check fewer VMs at a time.';
  return new HostOperationError('host-timeout', message, { began: false, remedy });
}
