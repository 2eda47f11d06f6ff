import {
  commandRow,
  timestamp,
  type BulkAccepted,
  type BulkCommand,
  type BulkPlan,
  type BulkRequest,
  type BulkTarget,
  type Plan,
} from '@aether-v/types';
import { Inject, Injectable } from '@nestjs/common';
import type { RequestEntry } from '../audit/request-entry.ts';
import { assertPermitted } from '../auth/assert-permitted.ts';
import type { Caller } from '../commands/caller.decorator.ts';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';
import { Limiter } from '../host-adapter/limits/limiter.ts';
import { BulkJobs, type BulkItem } from '../jobs/bulk-jobs.ts';
import { keyedFamily, keyedRequest } from '../jobs/idempotency.ts';
import { RepeatedRequests } from '../jobs/repeated-requests.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { refusalInfo } from '../problems/refusals.ts';
import { bulkOrders } from './bulk-orders.ts';
import type { VmCommandOrder } from './vm-command-order.ts';
import { VmCommandsService } from './vm-commands.service.ts';

/** The maximum number of concurrent checks of one request on one host. */
const checksPerHost = 4;

/** A VM of a request. */
interface Item extends BulkItem {
  readonly order: VmCommandOrder;
}

/** Accepts commands for several VMs: one job with a child for each accepted VM. */
@Injectable()
export class BulkService {
  constructor(
    private readonly commands: VmCommandsService,
    private readonly jobs: BulkJobs,
    private readonly repeated: RepeatedRequests,
    @Inject(clockToken) private readonly clock: Clock,
  ) {}

  /**
   * Creates the job, or returns the plans if the caller asks for a dry run.
   *
   * @param origin The audit fields of the request; each VM has its own records.
   * @throws ProblemError if the caller lacks the permission of the command, the request is invalid, or every VM is
   * refused.
   */
  async run(request: BulkRequest, caller: Caller, origin: RequestEntry): Promise<BulkAccepted | BulkPlan> {
    assertPermitted(caller.principal, commandRow(request.command).permission);
    const orders = bulkOrders(request, caller);
    return caller.dryRun
      ? this.#plan(orders, request.vms)
      : this.#accept(orders, request.command, caller, origin);
  }

  async #accept(
    orders: readonly VmCommandOrder[],
    command: BulkCommand,
    { principal, idempotencyKey: key }: Caller,
    origin: RequestEntry,
  ): Promise<BulkAccepted> {
    const keyed = keyedFamily(
      orders.flatMap(({ vmId: subjectId, options }) => {
        return keyedRequest({ principalId: principal.id, key, command, subjectId, options }) ?? [];
      }),
    );
    const repeated = await this.repeated.findFamily(keyed, principal);
    if (repeated !== undefined) return { job: repeated, refused: [] };
    const items = orders.map((order) => this.#check(order));
    return await this.jobs.accept({ command, order: 'parallel', items, principal, origin, keyed });
  }

  async #plan(orders: readonly VmCommandOrder[], targets: readonly BulkTarget[]): Promise<BulkPlan> {
    const places = new Map<string, Limiter>();
    const signal = new AbortController().signal;
    const items = await Promise.all(
      orders.map(async (order, index) => {
        const item = this.#check(order);
        if (item.job === null) return this.#unchecked(item, targets[index]?.name ?? null, item.refusals);
        const { hostId } = item.job;
        const limiter = places.get(hostId) ?? new Limiter(checksPerHost);
        places.set(hostId, limiter);
        const release = await limiter.acquire(signal);
        try {
          return await this.commands.plan(order);
        } catch (error) {
          const isRefusal = error instanceof HostOperationError || error instanceof ProblemError;
          if (!isRefusal) throw error;
          return this.#unchecked(item, item.name, [error]);
        } finally {
          release();
        }
      }),
    );
    return { ok: items.every(({ ok }) => ok), items };
  }

  /** Returns the plan for a VM without a check by its host. */
  #unchecked(
    { order, job }: Item,
    name: string | null,
    refusals: readonly (ProblemError | HostOperationError)[],
  ): Plan {
    const { title } = commandRow(order.command);
    return {
      ok: false,
      command: order.command,
      title: `${title} ${name ?? order.vmId}`,
      subject: { kind: 'vm', id: order.vmId, name },
      hostId: job?.hostId ?? null,
      checkedAt: timestamp(this.clock.now()),
      refusals: refusals.map((error) => (error instanceof ProblemError ? refusalInfo(error) : error.info)),
      deletes: [],
      remaining: [],
      placement: null,
    };
  }

  #check(order: VmCommandOrder): Item {
    try {
      const { job, refusals } = this.commands.check(order);
      return { order, vmId: order.vmId, job, name: job.subject.name, refusals };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return { order, vmId: order.vmId, job: null, name: null, refusals: [error] };
    }
  }
}
