import { commandRow, errorCodes, type BulkAccepted, type CommandName, type RefusedVm } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import { AuditLog } from '../audit/audit-log.ts';
import type { RequestEntry } from '../audit/request-entry.ts';
import type { Principal } from '../auth/principal.ts';
import { childOperationId } from '../common/operation-id.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { refusalInfo } from '../problems/refusals.ts';
import { auditedAttempts } from './audited-attempts.ts';
import type { KeyedFamily } from './idempotency.ts';
import { ParentJobs, type ParentOrder } from './parent-jobs.ts';
import type { ChildOrder, ParentPlan } from './parent-plan.ts';

/** The maximum number of reasons in a response for one VM. */
const maxReasons = 64;

/** A VM of a command for several VMs. */
export interface BulkItem {
  readonly vmId: string;
  /** Null if the VM is unknown. */
  readonly name: string | null;
  /** The command as it would be sent; null if the VM is unknown. */
  readonly job: ChildOrder | null;
  /** All reasons why the command is refused; empty if it is accepted. */
  readonly refusals: readonly ProblemError[];
}

/** A command for several VMs. */
export interface BulkOrder {
  readonly command: CommandName;
  readonly order: ParentPlan['order'];
  readonly items: readonly BulkItem[];
  readonly principal: Principal;
  /** The audit fields of the request; each VM has its own records. */
  readonly origin: RequestEntry;
  /** The request with a key; `each` has the order of `items`. */
  readonly keyed?: KeyedFamily | undefined;
  readonly retryOf?: string;
  /** A sentence about VMs that the request does not name. */
  readonly remark?: string;
  /** Called just before the job is created. @throws ProblemError if another request came first. */
  readonly recheck?: () => void;
}

/** Creates jobs of one command for several VMs. */
@Injectable()
export class BulkJobs {
  constructor(
    private readonly parents: ParentJobs,
    private readonly audit: AuditLog,
  ) {}

  /**
   * Creates a job with a child for each VM that is not refused.
   *
   * @throws ProblemError if every VM is refused, or the audit log does not accept the records of the attempts.
   */
  async accept(bulk: BulkOrder): Promise<BulkAccepted> {
    const { command, order, items, principal, origin, keyed, retryOf, remark, recheck } = bulk;
    const refused = items.filter(isRefused);
    if (refused.length === items.length) throw allRefused(command, refused);
    const children = items.flatMap((item) => (item.job === null || isRefused(item) ? [] : [item.job]));
    const entries = children.map(({ subject: object }) => ({ ...origin, action: command, object }));
    const each = keyed?.each.filter((_, index) => items[index] !== undefined && !isRefused(items[index]));
    const job = await auditedAttempts(this.audit, entries, () => {
      recheck?.();
      return this.parents.accept({
        command,
        title: titleOf(command, children.length),
        subject: { kind: 'none', id: null, name: null },
        order,
        children,
        principal,
        ...(keyed === undefined ? {} : { keyed: { all: keyed.all, each: each ?? [] } }),
        ...(retryOf === undefined ? {} : { retryOf }),
        ...remarksOn(refused, items.length, remark),
      });
    });
    for (const [index, entry] of entries.entries()) {
      const id = childOperationId(job.id, index + 1);
      this.audit.record({ ...entry, status: 'accepted', details: '202', job: id });
    }
    for (const { vmId: id, name, refusals } of refused) {
      const details = String(errorCodes[refusals[0]?.code ?? 'wrong-state'].http);
      const object = { kind: 'vm', id, name } as const;
      this.audit.record({ ...origin, action: command, object, status: 'refused', details });
    }
    return { job, refused: refused.map(refusedVm) };
  }
}

function isRefused({ refusals }: BulkItem): boolean {
  return refusals.length > 0;
}

function titleOf(command: CommandName, count: number): string {
  return `${commandRow(command).title} ${count} ${count === 1 ? 'VM' : 'VMs'}`;
}

function refusedVm({ vmId, name, refusals }: BulkItem): RefusedVm {
  return { vmId, name, refusals: refusals.slice(0, maxReasons).map(refusalInfo) };
}

/** Returns the problem of a request whose VMs are all refused: with the code of the refusals if it is the same for all. */
function allRefused(command: CommandName, items: readonly BulkItem[]): ProblemError {
  const refusals = items.flatMap((item) => item.refusals);
  const [code = 'wrong-state', ...others] = new Set(refusals.map((refusal) => refusal.code));
  const errors = refusals.flatMap(({ extras }) => extras.errors ?? []).slice(0, maxReasons);
  const { label } = commandRow(command);
  const [first = ''] = items.map(lineOf);
  const [count, more] =
    items.length === 1
      ? ['the VM', '']
      : [`any of the ${items.length} VMs`, ' The others are listed in `refused`.'];
  const shared = others.length === 0 ? code : 'wrong-state';
  return new ProblemError(shared, `"${label}" is not possible for ${count}. ${first}${more}`, {
    refused: items.map(refusedVm),
    ...(shared === 'validation-failed' ? { errors } : {}),
  });
}

function remarksOn(
  refused: readonly BulkItem[],
  total: number,
  remark: string | undefined,
): Pick<ParentOrder, 'remarks'> {
  const left =
    refused.length === 0 ? [] : [`${refused.length} of ${total} VMs were refused. The log lists them.`];
  const about = remark === undefined ? [] : [remark];
  const message = [...about, ...left].join(' ');
  return message === '' ? {} : { remarks: { message, log: [...about, ...refused.map(lineOf)] } };
}

function lineOf({ vmId, name, refusals }: BulkItem): string {
  return `${name ?? vmId}: ${refusals.map(({ message }) => message).join(' ')}`;
}
