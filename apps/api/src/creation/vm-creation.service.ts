import type { CommandRequest, CreateVmRequest, HostResources, Plan } from '@aether-v/types';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.ts';
import type { Caller } from '../commands/caller.decorator.ts';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';
import { orAborted } from '../host-adapter/limits/or-aborted.ts';
import { HostResourcesService, resourcesMaxAge } from '../hosts/host-resources.service.ts';
import { FleetViews } from '../inventory/fleet-views.ts';
import { keyedRequest, type KeyedRequest } from '../jobs/idempotency.ts';
import type { JobRow } from '../jobs/job-transitions.ts';
import { JobsService } from '../jobs/jobs.service.ts';
import { PlansService } from '../jobs/plans.service.ts';
import { RepeatedRequests } from '../jobs/repeated-requests.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { assertNoRefusals } from '../problems/refusals.ts';
import { Commitments, commitmentOf } from './commitments.ts';
import { newVm, type NewVm } from './creation-request.ts';
import { choosePlace, type Choice, type ChosenPlace } from './placement.ts';
import { requestedHosts, type RequestedHosts } from './requested-hosts.ts';

/** The subject of a creation's idempotency key. It is not the host, because that depends on the time of the request. */
const anyHost = '';

/** Time limit of the choice of a host, in milliseconds. */
const choiceTimeoutMs = 60_000;

/** Accepts creations of VMs: chooses the host if the request does not name one. */
@Injectable()
export class VmCreationService {
  constructor(
    private readonly fleet: FleetViews,
    private readonly resources: HostResourcesService,
    private readonly commitments: Commitments,
    private readonly jobs: JobsService,
    private readonly plans: PlansService,
    private readonly repeated: RepeatedRequests,
    @Inject(clockToken) private readonly clock: Clock,
  ) {}

  /**
   * Creates a job for the creation, or its plan if the caller asks for a dry run.
   *
   * @throws ProblemError if the request contradicts itself, names an unknown host, or no host is suitable.
   */
  async run(request: CreateVmRequest, caller: Caller): Promise<JobRow | Plan> {
    const { principal, dryRun } = caller;
    const keyed = dryRun ? undefined : this.#keyed(request, caller);
    const repeated = await this.repeated.find(keyed, principal);
    if (repeated !== undefined) return repeated;
    const vm = newVm(request);
    const requested = requestedHosts(this.fleet.of(principal), request);
    if (!dryRun)
      return this.#choose(vm, requested, caller, (choice) => this.#accept(vm, choice, principal, keyed));
    return this.#choose(vm, requested, caller, (choice) => this.#plan(vm, choice, caller));
  }

  /** A repeated request finds its job even if its host or cluster has been renamed since. */
  #keyed(request: CreateVmRequest, { principal, idempotencyKey: key }: Caller): KeyedRequest | undefined {
    const view = this.fleet.of(principal);
    let hosts = view.rows('host');
    try {
      hosts = [...requestedHosts(view, request).hosts];
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
    }
    const hostIds = hosts.map(({ id }) => id);
    const common = { principalId: principal.id, key, command: 'vm.create', subjectId: anyHost } as const;
    return keyedRequest({ ...common, options: request, hostIds });
  }

  /**
   * Reads the resources of as many hosts as needed, and chooses.
   *
   * @param settle Called with the choice at once, so that simultaneous creations count each other.
   * @throws HostOperationError if that takes too long. @throws ProblemError if the caller has disconnected.
   */
  async #choose<T>(
    vm: NewVm,
    requested: RequestedHosts,
    { principal, signal }: Caller,
    settle: (choice: Exclude<Choice, { unread: unknown }>) => T,
  ): Promise<Awaited<T>> {
    const maxAge = requested.isNamed ? 0 : resourcesMaxAge;
    const readings = new Map<string, HostResources | HostOperationError>();
    const late = new AbortController();
    const cancel = this.clock.schedule(choiceTimeoutMs, () => late.abort(tooSlow()));
    const stop = AbortSignal.any([late.signal, ...(signal === undefined ? [] : [signal])]);
    try {
      for (;;) {
        const usedMemory = this.fleet.of(principal).usedMemory();
        const choice = choosePlace({ vm, requested, usedMemory, commitments: this.commitments, readings });
        if (!('unread' in choice)) return await settle(choice);
        const reading = choice.unread.map(async (hostId) => {
          readings.set(hostId, await this.#read(hostId, principal, maxAge));
        });
        await orAborted(Promise.all(reading), stop);
      }
    } finally {
      cancel();
    }
  }

  async #read(
    hostId: string,
    principal: Principal,
    maxAge: number,
  ): Promise<HostResources | HostOperationError> {
    try {
      return await this.resources.read(hostId, principal.name, maxAge);
    } catch (error) {
      if (error instanceof HostOperationError) return error;
      throw error;
    }
  }

  #accept(
    vm: NewVm,
    choice: Exclude<Choice, { unread: unknown }>,
    principal: Principal,
    keyed: KeyedRequest | undefined,
  ): JobRow {
    // The same request may have been accepted while this one waited.
    const same = this.jobs.repeated(keyed, principal);
    if (same !== undefined) return same;
    if ('refusals' in choice) {
      assertNoRefusals(choice.refusals);
      throw new TypeError('A choice without a place must have refusals.');
    }
    const { place } = choice;
    const job = this.jobs.accept({ ...ordered(vm, place), principal, keyed });
    this.commitments.add(job, commitmentOf(vm, place));
    return job;
  }

  #plan(
    vm: NewVm,
    choice: Exclude<Choice, { unread: unknown }>,
    { principal, signal }: Caller,
  ): Promise<Plan> {
    if ('place' in choice) {
      const { placement } = choice.place;
      return this.plans.plan({ ...ordered(vm, choice.place), principal, refusals: [], placement, signal });
    }
    const request = requestFor(vm, { storageClass: vm.storageClass ?? '', clustered: vm.clustered ?? false });
    const subject = { kind: 'host', id: null, name: null } as const;
    return this.plans.plan({
      command: 'vm.create',
      request,
      hostId: null,
      subject,
      principal,
      refusals: choice.refusals,
    });
  }
}

function tooSlow(): HostOperationError {
  const message = `Choosing a host took longer than ${choiceTimeoutMs / 1000} s, because hosts do not report their resources.`;
  const remedy = 'Try again later, or name a host.';
  return new HostOperationError('host-timeout', message, { began: false, remedy });
}

function ordered(vm: NewVm, { host, storageClass, clustered }: ChosenPlace) {
  return {
    command: 'vm.create',
    request: requestFor(vm, { storageClass: storageClass.name, clustered }),
    hostId: host.id,
    subject: { kind: 'host', id: host.id, name: host.name },
  } as const;
}

function requestFor(
  vm: NewVm,
  place: { readonly storageClass: string; readonly clustered: boolean },
): CommandRequest<'vm.create'> {
  return { ...vm, ...place };
}
