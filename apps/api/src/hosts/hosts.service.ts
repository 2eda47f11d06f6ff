import { timestamp, type Host, type HostDetail, type HostList } from '@aether-v/types';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.ts';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { byName } from '../common/text-order.ts';
import { FleetViews } from '../inventory/fleet-views.ts';
import { noSuchObject } from '../problems/not-found.ts';
import { HostReadTimes } from './host-read-times.ts';

/** Reads hosts from the fleet. */
@Injectable()
export class HostsService {
  constructor(
    private readonly fleet: FleetViews,
    private readonly readTimes: HostReadTimes,
    @Inject(clockToken) private readonly clock: Clock,
  ) {}

  /** Returns the hosts that the principal sees, by name. */
  list(principal: Principal): HostList {
    const view = this.fleet.of(principal);
    const items: Host[] = view.rows('host').sort(byName);
    return { items, total: items.length, version: view.version };
  }

  /** Returns one host with the age of its data. @throws ProblemError if the principal sees no such host. */
  get(hostId: string, principal: Principal): HostDetail {
    const view = this.fleet.of(principal);
    const host = view.get('host', hostId);
    if (host === undefined) throw noSuchObject('host', hostId);
    const readAt = this.readTimes.readAt(hostId);
    return {
      ...host,
      readAt: readAt === undefined ? null : timestamp(readAt),
      ageSeconds: readAt === undefined ? null : Math.max(0, this.clock.now() - readAt) / 1000,
      usage: view.hostUsage(hostId) ?? null,
    };
  }
}
