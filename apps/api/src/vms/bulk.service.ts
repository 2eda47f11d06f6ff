import {
  commandRow,
  type BulkAccepted,
  type BulkCommand,
  type BulkPlan,
  type BulkRequest,
} from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import type { RequestEntry } from '../audit/request-entry.ts';
import { assertPermitted } from '../auth/assert-permitted.ts';
import type { Caller } from '../commands/caller.decorator.ts';
import { BulkJobs, type BulkItem } from '../jobs/bulk-jobs.ts';
import { BulkPlans } from '../jobs/bulk-plans.ts';
import { keyedFamily, keyedRequest } from '../jobs/idempotency.ts';
import { RepeatedRequests } from '../jobs/repeated-requests.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { bulkOrders } from './bulk-orders.ts';
import type { VmCommandOrder } from './vm-command-order.ts';
import { VmCommandsService } from './vm-commands.service.ts';

/** Accepts commands for several VMs: one job with a child for each VM that is not refused. */
@Injectable()
export class BulkService {
  constructor(
    private readonly commands: VmCommandsService,
    private readonly jobs: BulkJobs,
    private readonly plans: BulkPlans,
    private readonly repeated: RepeatedRequests,
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
      ? this.#plan(orders, request, caller)
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

  #plan(orders: readonly VmCommandOrder[], { command, vms }: BulkRequest, caller: Caller): Promise<BulkPlan> {
    const items = orders.map((order, index) => {
      const item = this.#check(order);
      return item.job === null ? { ...item, name: vms[index]?.name ?? null } : item;
    });
    return this.plans.plan(command, items, caller);
  }

  #check(order: VmCommandOrder): BulkItem {
    const { vmId } = order;
    try {
      const { job, refusals } = this.commands.check(order);
      return { vmId, job, name: job.subject.name, refusals };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return { vmId, job: null, name: null, refusals: [error] };
    }
  }
}
