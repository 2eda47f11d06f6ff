import { timestamp, type Diagnostics, type Host, type HostDiagnostics } from '@aether-v/types';
import { Inject, Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.ts';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { byName } from '../common/text-order.ts';
import { EventStreams } from '../events/event-streams.ts';
import { HostGateway } from '../host-adapter/connect/host-gateway.ts';
import { FleetViews } from '../inventory/fleet-views.ts';
import { IdempotencyKeys } from '../jobs/idempotency.ts';
import { JobRequests } from '../jobs/job-requests.ts';
import { JobRows } from '../jobs/job-rows.ts';
import { QueuePositions } from '../jobs/queue-positions.ts';
import { EventLoopDelay } from './event-loop-delay.ts';
import { ServiceStart } from './service-start.ts';

type JobCounts = HostDiagnostics['jobs'];

/** Collects what operators need to know about the inside of the service. */
@Injectable()
export class DiagnosticsService {
  constructor(
    private readonly fleet: FleetViews,
    private readonly gateway: HostGateway,
    private readonly streams: EventStreams,
    private readonly rows: JobRows,
    private readonly requests: JobRequests,
    private readonly keys: IdempotencyKeys,
    private readonly positions: QueuePositions,
    private readonly delay: EventLoopDelay,
    private readonly start: ServiceStart,
    @Inject(clockToken) private readonly clock: Clock,
  ) {}

  /** Returns the current state, with the hosts that the principal sees. */
  read(principal: Principal): Diagnostics {
    const now = this.clock.now();
    const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
    const running = this.#runningJobs();
    const waiting = this.positions.lengths;
    const hosts = this.fleet
      .of(principal)
      .rows('host')
      .sort(byName)
      .map((host) =>
        this.#hostOf(host, { running: running.get(host.id) ?? 0, waiting: waiting.get(host.id) ?? 0 }),
      );
    return {
      takenAt: timestamp(now),
      startedAt: timestamp(this.start.at),
      uptimeSeconds: Math.max(0, now - this.start.at) / 1000,
      memory: { rssBytes: rss, heapUsedBytes: heapUsed, heapTotalBytes: heapTotal, externalBytes: external },
      eventLoop: this.delay.read(),
      hosts,
      limits: this.gateway.limits,
      stores: {
        ...this.fleet.sizes(),
        eventStreams: this.streams.size,
        jobLogs: this.rows.logSize,
        jobRequests: this.requests.size,
        idempotencyKeys: this.keys.size,
      },
    };
  }

  #hostOf({ id, name, address, connection, facts }: Readonly<Host>, jobs: JobCounts): HostDiagnostics {
    const { state, error, watching } = connection;
    const channel = this.gateway.statusOf(address) ?? noChannel;
    // Until a host is read, its id and name are its address.
    const known = facts === null ? { id: null, name: hostNameIn(address) } : { id, name };
    const agentVersion = facts?.agentVersion ?? null;
    return { ...known, state, errorCode: error?.code ?? null, agentVersion, watching, ...channel, jobs };
  }

  #runningJobs(): ReadonlyMap<string, number> {
    const running = new Map<string, number>();
    for (const { state, hostId } of this.rows.all()) {
      if (state === 'running' && hostId !== null) running.set(hostId, (running.get(hostId) ?? 0) + 1);
    }
    return running;
  }
}

/** Returns the name of the host in an address, which may be a URL. */
function hostNameIn(address: string): string {
  return URL.parse(address)?.hostname || address;
}

const noChannel = {
  session: 'none',
  breaker: { state: 'closed', failures: 0, retryAfterSeconds: 0 },
  operations: { taken: 0, waiting: 0 },
} as const;
