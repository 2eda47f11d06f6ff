import type { CommandRequest, Host, HostResources } from '@aether-v/types';
import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.ts';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';
import { HostResourcesService } from '../hosts/host-resources.service.ts';
import { FleetViews } from '../inventory/fleet-views.ts';
import { CommandChecks, type CheckedCommand, type RepeatedCommand } from '../jobs/command-checks.ts';
import { noSuchObject } from '../problems/not-found.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { Commitments, commitmentOf } from './commitments.ts';
import { choosePlace, type ChosenPlace } from './placement.ts';

/** The resources that a host reported; undefined if it was not asked, because it is unreachable or in conflict. */
type Reading = HostResources | HostOperationError | undefined;

/** Checks and counts retried creations like new ones that name the host of the first job. */
@Injectable()
export class CreationRetries {
  constructor(
    private readonly fleet: FleetViews,
    private readonly resources: HostResourcesService,
    private readonly commitments: Commitments,
    checks: CommandChecks,
  ) {
    checks.registerCommand('vm.create', async (repeated) => {
      const reading = await this.#read(repeated);
      return () => this.#check(repeated, reading);
    });
  }

  async #read({ subjectId, principal }: RepeatedCommand): Promise<Reading> {
    const { conflict, connection } = this.#host(subjectId, principal);
    if (conflict !== null || connection.state !== 'connected') return undefined;
    try {
      return await this.resources.read(subjectId, principal.name, 0);
    } catch (error) {
      if (error instanceof HostOperationError) return error;
      throw error;
    }
  }

  #check({ request, subjectId, principal }: RepeatedCommand, reading: Reading): CheckedCommand {
    // The request of an earlier job of the same command.
    const vm = request as CommandRequest<'vm.create'>;
    const host = this.#host(subjectId, principal);
    const { id, name } = host;
    const choice = choosePlace({
      vm,
      requested: { hosts: [host], isNamed: true, scope: name },
      usedMemory: this.fleet.of(principal).usedMemory(),
      commitments: this.commitments,
      readings: new Map(reading === undefined ? [] : [[id, reading]]),
    });
    const subject = { kind: 'host', id, name } as const;
    const job = { command: 'vm.create', request: vm, hostId: id, subject } as const;
    if ('place' in choice) return { job, refusals: [], onAccepted: this.#counts(vm, choice.place) };
    return { job, refusals: 'refusals' in choice ? choice.refusals : [justReturned(name)] };
  }

  #counts(vm: CommandRequest<'vm.create'>, place: ChosenPlace): CheckedCommand['onAccepted'] {
    return (job) => this.commitments.add(job, commitmentOf(vm, place));
  }

  #host(hostId: string, principal: Principal): Readonly<Host> {
    const host = this.fleet.of(principal).get('host', hostId);
    if (host === undefined) throw noSuchObject('host', hostId);
    return host;
  }
}

/** The host became reachable after it could not be asked. */
function justReturned(name: string): ProblemError {
  return new ProblemError('host-unavailable', `${name} was unreachable. Retry the job again.`);
}
