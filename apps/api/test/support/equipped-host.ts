import type { ErrorInfo } from '@aether-v/types';
import { clusterFacts, guid, hostResources } from './facts.ts';
import type { FakeClock } from './fake-clock.ts';
import { JobHost } from './job-host.ts';

/** A host that reports resources, and whose checks of operations end as a test says. */
export class EquippedHost extends JobHost {
  resources = hostResources();
  /** What stands in the way of every operation, according to its checks. */
  refusals: ErrorInfo[] = [];

  constructor(name: string, clock: FakeClock, nodesOfCluster: readonly string[] = []) {
    super(name, clock, 0);
    if (nodesOfCluster.length > 0) this.host.cluster = clusterFacts(guid(100), nodesOfCluster);
    const { respond } = this.host;
    this.host.respond = (envelope) => {
      if (envelope.op === 'host.resources') return [{ type: 'result', result: this.resources }];
      if (envelope.op !== 'operation.check') return respond(envelope);
      return [{ type: 'result', result: { refusals: this.refusals, deletes: [], remaining: [] } }];
    };
  }
}
