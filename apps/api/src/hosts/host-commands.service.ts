import type { CommandRequest, HostCommandName } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import type { Caller } from '../commands/caller.decorator.ts';
import { keyedRequest } from '../jobs/idempotency.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { JobsService } from '../jobs/jobs.service.ts';
import { RepeatedRequests } from '../jobs/repeated-requests.ts';
import { HostsService } from './hosts.service.ts';

interface Ordered<C extends HostCommandName> {
  readonly command: C;
  readonly hostId: string;
  readonly options: CommandRequest<C>;
  readonly caller: Caller;
}

/** A caller's request for a host command. */
export type HostCommandOrder = { [C in HostCommandName]: Ordered<C> }[HostCommandName];

/** Accepts commands about hosts. */
@Injectable()
export class HostCommandsService {
  constructor(
    private readonly hosts: HostsService,
    private readonly jobs: JobsService,
    private readonly repeated: RepeatedRequests,
  ) {}

  /** Makes a job of the command; it waits if the host is unreachable. @throws ProblemError if the principal sees no such host. */
  async accept(order: HostCommandOrder): Promise<JobRow> {
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
