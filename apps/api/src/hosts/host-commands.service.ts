import type { CommandRequest, HostCommandName, Plan } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../commands/caller.decorator.ts';
import { keyedRequest } from '../jobs/idempotency.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { JobsService } from '../jobs/jobs.service.ts';
import { PlansService } from '../jobs/plans.service.ts';
import { RepeatedRequests } from '../jobs/repeated-requests.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { HostsService } from './hosts.service.ts';

interface Ordered<C extends HostCommandName> {
  readonly command: C;
  readonly hostId: string;
  readonly options: CommandRequest<C>;
  readonly caller: Caller;
}

/** A caller's request for a host command. */
export type HostCommandOrder = Ordered<Exclude<HostCommandName, 'vm.create'>>;

/** Accepts commands about hosts. */
@Injectable()
export class HostCommandsService {
  constructor(
    private readonly hosts: HostsService,
    private readonly jobs: JobsService,
    private readonly plans: PlansService,
    private readonly repeated: RepeatedRequests,
  ) {}

  /** Creates a job for the command, or its plan if the caller asks for a dry run. @throws ProblemError if the principal
   * sees no such host. */
  run(order: HostCommandOrder): Promise<JobRow | Plan> {
    return order.caller.dryRun ? this.#plan(order) : this.#accept(order);
  }

  async #plan({ command, hostId, options: request, caller }: HostCommandOrder): Promise<Plan> {
    const { principal, signal } = caller;
    const { name, connection } = this.hosts.get(hostId, principal);
    const why = connection.error?.message ?? 'It has not responded yet.';
    const refusals = [
      connection.state === 'connected'
        ? null
        : new ProblemError('host-unavailable', `${name} is unreachable. ${why}`),
      this.jobs.underWay(command, hostId),
    ].filter((refusal) => refusal !== null);
    const subject = { kind: 'host', id: hostId, name } as const;
    return this.plans.plan({ command, request, hostId, subject, principal, refusals, signal });
  }

  /** The job waits if the host is unreachable. */
  async #accept(order: HostCommandOrder): Promise<JobRow> {
    const { command, hostId, options, caller } = order;
    const { principal, idempotencyKey: key } = caller;
    const keyed = keyedRequest({ principalId: principal.id, key, command, subjectId: hostId, options });
    const repeated = await this.repeated.find(keyed, principal);
    if (repeated !== undefined) return repeated;
    const { name } = this.hosts.get(hostId, principal);
    const subject = { kind: 'host', id: hostId, name } as const;
    return this.jobs.accept({ command, request: options, hostId, subject, principal, keyed });
  }
}
