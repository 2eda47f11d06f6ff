import {
  commandRow,
  errorCodes,
  timestamp,
  type BulkAccepted,
  type BulkCommand,
  type BulkPlan,
  type BulkRequest,
  type BulkTarget,
  type Plan,
  type RefusedVm,
} from '@aether-v/types';
import { Inject, Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.ts';
import type { RequestEntry } from '../audit/request-entry.ts';
import { assertPermitted } from '../auth/assert-permitted.ts';
import type { Caller } from '../commands/caller.decorator.ts';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { childOperationId } from '../common/operation-id.ts';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';
import { Limiter } from '../host-adapter/limits/limiter.ts';
import { keyedFamily, keyedRequest } from '../jobs/idempotency.ts';
import { ParentJobs } from '../jobs/parent-jobs.ts';
import { RepeatedRequests } from '../jobs/repeated-requests.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { refusalInfo } from '../problems/refusals.ts';
import { bulkOrders } from './bulk-orders.ts';
import { VmCommandsService, type CheckedOrder, type VmCommandOrder } from './vm-commands.service.ts';

/** The maximum number of concurrent checks of one request on one host. */
const checksPerHost = 4;

/** The maximum number of reasons in a problem for one VM. */
const maxReasons = 64;

/** A VM of a request, with its command as it would be sent; `refusals` is empty if it can be. */
interface Item {
  readonly order: VmCommandOrder;
  readonly job: CheckedOrder['job'] | null;
  readonly name: string | null;
  readonly refusals: readonly ProblemError[];
}

/** Accepts commands for several VMs: one job with a child for each VM that is not refused. */
@Injectable()
export class BulkService {
  constructor(
    private readonly commands: VmCommandsService,
    private readonly parents: ParentJobs,
    private readonly repeated: RepeatedRequests,
    private readonly audit: AuditLog,
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
    const keys = orders.flatMap(({ vmId: subjectId, options }) => {
      return keyedRequest({ principalId: principal.id, key, command, subjectId, options }) ?? [];
    });
    const repeated = await this.repeated.findFamily(keyedFamily(keys), principal);
    if (repeated !== undefined) return { job: repeated, refused: [] };
    const items = orders.map((order) => this.#check(order));
    const refused = items.filter(({ refusals }) => refusals.length > 0);
    if (refused.length === items.length) throw allRefused(command, refused);
    const children = items.flatMap(({ job, refusals }) => (job === null || refusals.length > 0 ? [] : [job]));
    const entries = children.map(({ subject: object }) => ({ ...origin, action: command, object }));
    await Promise.all(
      entries.map((entry) => this.audit.attempt({ ...entry, status: 'requested', details: null })),
    );
    const accepted = new Set(children.map(({ subject }) => subject.id));
    const job = this.parents.accept({
      command,
      title: `${commandRow(command).title} ${children.length} VMs`,
      subject: { kind: 'none', id: null, name: null },
      order: 'parallel',
      children,
      principal,
      keyed: keyedFamily(
        keys.filter(({ subjectId }) => accepted.has(subjectId)),
        keyedFamily(keys)?.all,
      ),
      ...(refused.length === 0 ? {} : { remarks: remarksOn(refused, items.length) }),
    });
    for (const [index, entry] of entries.entries()) {
      const id = childOperationId(job.id, index + 1);
      this.audit.record({ ...entry, status: 'accepted', details: '202', job: id });
    }
    for (const { order, name, refusals } of refused) {
      const object = { kind: 'vm', id: order.vmId, name } as const;
      const details = String(errorCodes[refusals[0]?.code ?? 'wrong-state'].http);
      this.audit.record({ ...origin, action: command, object, status: 'refused', details });
    }
    return { job, refused: refused.map(refusedVm) };
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

  /** Returns the plan of a VM that its host was not asked about. */
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
      return { order, job, name: job.subject.name, refusals };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      return { order, job: null, name: null, refusals: [error] };
    }
  }
}

function refusedVm({ order, name, refusals }: Item): RefusedVm {
  return { vmId: order.vmId, name, refusals: refusals.slice(0, maxReasons).map(refusalInfo) };
}

function allRefused(command: BulkCommand, items: readonly Item[]): ProblemError {
  const { label } = commandRow(command);
  const [first = ''] = items.map(lineOf);
  const others = items.length === 1 ? '' : ` The others are listed in \`refused\`.`;
  const count = items.length === 1 ? 'the VM' : `any of the ${items.length} VMs`;
  return new ProblemError('wrong-state', `"${label}" is not possible for ${count}. ${first}${others}`, {
    refused: items.map(refusedVm),
  });
}

function remarksOn(refused: readonly Item[], total: number): { message: string; log: string[] } {
  return {
    message: `${refused.length} of ${total} VMs were refused. The log lists them.`,
    log: refused.map(lineOf),
  };
}

function lineOf({ order, name, refusals }: Item): string {
  return `${name ?? order.vmId}: ${refusals.map(({ message }) => message).join(' ')}`;
}
