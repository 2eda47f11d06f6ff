import type { HostResources } from '@aether-v/types';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.ts';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { HostOperations } from '../host-adapter/agent/host-operations.ts';
import { FleetViews } from '../inventory/fleet-views.ts';
import { noSuchObject } from '../problems/not-found.ts';
import { ProblemError } from '../problems/problem-error.ts';

/** Time limit of a reading, in milliseconds. */
const readTimeout = 20_000;

/** The age up to which a reading is used again when a host for a new VM is chosen, in milliseconds. */
export const resourcesMaxAge = 30_000;

interface Reading {
  readonly startedAt: number;
  readonly resources: Promise<HostResources>;
}

/** Reads the resources of hosts for new VMs. Readers of one host at the same time share one reading. */
@Injectable()
export class HostResourcesService {
  readonly #readings = new Map<string, Reading>();
  readonly #inProgress = new Set<Reading>();

  constructor(
    private readonly fleet: FleetViews,
    private readonly hosts: HostOperations,
    @Inject(clockToken) private readonly clock: Clock,
  ) {}

  /**
   * Returns the current resources of a host.
   *
   * @throws ProblemError if the principal sees no such host, or the host is unreachable. @throws HostOperationError
   */
  async get(hostId: string, principal: Principal): Promise<HostResources> {
    const host = this.fleet.of(principal).get('host', hostId);
    if (host === undefined) throw noSuchObject('host', hostId);
    const { state, error } = host.connection;
    if (state !== 'connected') {
      const why = error?.message ?? 'It has not responded yet.';
      throw new ProblemError('host-unavailable', `${host.name} is unreachable. ${why}`);
    }
    return this.read(hostId, principal.name, 0);
  }

  /** Prevents earlier readings from being returned: a VM was created, perhaps on a volume that several hosts share. */
  forgetReadings(): void {
    this.#readings.clear();
  }

  /**
   * Reads the resources of a host.
   *
   * @param maxAgeMs The age up to which an earlier reading is returned instead. @throws HostOperationError
   */
  read(hostId: string, actor: string, maxAgeMs: number): Promise<HostResources> {
    const now = this.clock.now();
    for (const [id, { startedAt }] of this.#readings) {
      if (startedAt < now - resourcesMaxAge) this.#readings.delete(id);
    }
    const known = this.#readings.get(hostId);
    if (known !== undefined && (this.#inProgress.has(known) || known.startedAt > now - maxAgeMs)) {
      return known.resources;
    }
    const resources = this.hosts.invoke(
      hostId,
      'host.resources',
      {},
      { actor, deadline: new Date(now + readTimeout) },
    );
    const reading = { startedAt: now, resources };
    this.#readings.set(hostId, reading);
    this.#inProgress.add(reading);
    resources
      .catch(() => this.#readings.get(hostId) === reading && this.#readings.delete(hostId))
      .finally(() => this.#inProgress.delete(reading));
    return resources;
  }
}
