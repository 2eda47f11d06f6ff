import type { CheckpointList } from '@aether-v/types';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.ts';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { HostOperations } from '../host-adapter/agent/host-operations.ts';
import { FleetViews } from '../inventory/fleet-views.ts';
import { assertNoRefusals } from '../problems/refusals.ts';
import { reachRefusals } from './vm-checks.ts';
import { VmsService } from './vms.service.ts';

/** Time limit of a reading, in milliseconds. */
const readTimeout = 30_000;

/** Reads the checkpoints of VMs from their hosts. */
@Injectable()
export class CheckpointsService {
  constructor(
    private readonly vms: VmsService,
    private readonly fleet: FleetViews,
    private readonly hosts: HostOperations,
    @Inject(clockToken) private readonly clock: Clock,
  ) {}

  /**
   * Returns the checkpoints of a VM with their sizes.
   *
   * @throws ProblemError if the principal sees no such VM, or it cannot be reached. @throws HostOperationError
   */
  async list(vmId: string, principal: Principal): Promise<CheckpointList> {
    const vm = this.vms.get(vmId, principal);
    assertNoRefusals(reachRefusals({ vm, view: this.fleet.of(principal) }));
    const { checkpoints: items } = await this.hosts.invoke(
      vm.hostId,
      'checkpoint.list',
      { vmId: vm.vmId },
      { actor: principal.name, deadline: new Date(this.clock.now() + readTimeout) },
    );
    return { items };
  }
}
