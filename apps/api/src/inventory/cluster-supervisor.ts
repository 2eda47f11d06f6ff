import { backoffDelay, type ClusterFacts } from '@aether-v/types';
import type { Clock } from '../common/clock.ts';
import type { HostEndpoint } from '../config/host-endpoint.ts';
import type { HostOperations } from '../host-adapter/agent/host-operations.ts';
import type { HostDirectory } from '../host-adapter/connect/host-directory.ts';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';
import type { SupervisionSettings } from './host-supervisor.ts';
import { Pause } from './pause.ts';
import { asFailure, noCluster } from './supervision-errors.ts';

/** Dependencies of a cluster supervisor. */
export interface ClusterSupervisorOptions {
  /** The endpoint of the cluster's name. */
  readonly endpoint: HostEndpoint;
  readonly operations: HostOperations;
  readonly directory: HostDirectory;
  readonly clock: Clock;
  readonly random: () => number;
  readonly settings: SupervisionSettings;
  /** Returns whether a node already reports the cluster; then its name is not queried. */
  readonly isKnown: () => boolean;
  readonly onCluster: (facts: ClusterFacts) => void;
  readonly onFailure: (error: HostOperationError) => void;
}

const actor = 'aether-v inventory';

/**
 * Queries the nodes of a cluster through its name until one of the nodes reports them itself. Keeps no session open.
 */
export class ClusterSupervisor {
  readonly #options: ClusterSupervisorOptions;
  readonly #stopping = new AbortController();
  readonly #pause: Pause;
  #running: Promise<void> | undefined;

  constructor(options: ClusterSupervisorOptions) {
    this.#options = options;
    this.#pause = new Pause(options.clock, this.#stopping.signal);
  }

  start(): void {
    this.#running ??= this.#run().catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  /** Runs until stopped, then rejects. */
  async #run(): Promise<never> {
    const { clock, settings, isKnown } = this.#options;
    for (let failures = 0; ;) {
      const failure = isKnown() ? undefined : await this.#ask();
      failures = failure === undefined ? 0 : failures + 1;
      const wait = failure === undefined ? settings.refreshInterval : this.#waitAfter(failure, failures);
      await this.#pause.until(clock.now() + wait);
    }
  }

  #waitAfter(failure: unknown, failures: number): number {
    const { settings, random } = this.#options;
    // No attempt was made. Two random waits in a row would exceed the longest wait.
    if (failure instanceof HostOperationError && failure.retryAfterSeconds !== null) {
      return failure.retryAfterSeconds * 1000;
    }
    return backoffDelay(failures, { first: settings.firstRetry, longest: settings.longestRetry, random });
  }

  /** @returns The failure; undefined once the cluster's nodes were reported. */
  async #ask(): Promise<unknown> {
    const { endpoint, directory, onCluster, onFailure } = this.#options;
    directory.add(endpoint);
    try {
      const facts = await this.#read();
      onCluster(facts);
    } catch (error) {
      if (this.#stopping.signal.aborted) throw error;
      onFailure(asFailure(error));
      return error;
    }
    await directory.remove(endpoint.address);
    return undefined;
  }

  /** Reads from the node that answers, up to its cluster facts. */
  async #read(): Promise<ClusterFacts> {
    const { endpoint, operations, clock, settings } = this.#options;
    const heard = new AbortController();
    let facts: ClusterFacts | undefined;
    let hostName = endpoint.name;
    try {
      await operations.invoke(
        endpoint.address,
        'inventory',
        {},
        {
          actor,
          deadline: new Date(clock.now() + settings.inventoryTimeout),
          signal: AbortSignal.any([this.#stopping.signal, heard.signal]),
          onLine: (line) => {
            if (line.type !== 'item') return;
            if (line.item.kind === 'host') hostName = line.item.host.name;
            if (line.item.kind !== 'cluster') return;
            facts = line.item.cluster;
            heard.abort();
          },
        },
      );
    } catch (error) {
      if (facts === undefined) throw error;
    }
    if (facts === undefined || facts.nodes.length === 0) throw noCluster(endpoint.name, hostName);
    return facts;
  }
}
