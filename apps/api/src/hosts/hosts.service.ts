import { timestamp, type Host, type HostDetail, type HostList } from '@aether-v/types';
import { Inject, Injectable } from '@nestjs/common';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { byName } from '../common/text-order.ts';
import { FleetStore } from '../inventory/fleet-store.ts';
import { UsageStore } from '../inventory/usage-store.ts';
import { ProblemError } from '../problems/problem-error.ts';
import { HostReadTimes } from './host-read-times.ts';

/** Reads hosts from the fleet. */
@Injectable()
export class HostsService {
  constructor(
    private readonly store: FleetStore,
    private readonly usage: UsageStore,
    private readonly readTimes: HostReadTimes,
    @Inject(clockToken) private readonly clock: Clock,
  ) {}

  /** Returns all hosts, by name. */
  list(): HostList {
    const items: Host[] = [...this.store.rows('host').values()].sort(byName);
    return { items, total: items.length, version: this.store.version };
  }

  /** Returns one host with the age of its data. @throws ProblemError if the host does not exist. */
  get(hostId: string): HostDetail {
    const host = this.store.get('host', hostId);
    if (host === undefined) throw new ProblemError('not-found', `There is no host with the id ${hostId}.`);
    const readAt = this.readTimes.readAt(hostId);
    return {
      ...host,
      readAt: readAt === undefined ? null : timestamp(readAt),
      ageSeconds: readAt === undefined ? null : Math.max(0, this.clock.now() - readAt) / 1000,
      usage: this.usage.host(hostId) ?? null,
    };
  }
}
