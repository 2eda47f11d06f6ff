import {
  toAsciiJson,
  type AgentInfo,
  type ClusterFacts,
  type Envelope,
  type HostUsage,
  type InventoryItem,
  type VmFacts,
} from '@aether-v/types';
import type { Clock } from '../../src/common/clock.ts';
import type { HostEndpoint } from '../../src/config/host-endpoint.ts';
import type { AgentConnector, AgentSession } from '../../src/host-adapter/agent/agent-session.ts';
import { HostOperationError } from '../../src/host-adapter/errors/host-operation-error.ts';
import { orAborted } from '../../src/host-adapter/limits/or-aborted.ts';
import { basicEndpoint } from './endpoints.ts';
import { hostFacts } from './facts.ts';

/** Where a host stops answering without a word, or breaks the connection. */
export type Fault = 'connect' | 'refuse' | 'first-line' | 'mid-stream' | 'cut';

type Line = Record<string, unknown> & { readonly type: string };

/** One host with an agent, in memory. */
export class FakeHost {
  readonly endpoint: HostEndpoint;
  readonly vms = new Map<string, VmFacts>();
  readonly envelopes: Envelope[] = [];
  fault: Fault | undefined;
  watches = true;
  /** What its watches do: all they should, end after the full read, or never end that read. */
  watchMode: 'proper' | 'ends-at-once' | 'never-synced' = 'proper';
  hostId: string;
  /** What it tells of its cluster, if it is in one. */
  cluster: ClusterFacts | null = null;
  /** Answers operations that this host does not know; lines without `op` and `seq`. */
  respond: (envelope: Envelope) => Iterable<Line> | AsyncIterable<Line> = () => [];
  /** How far its clock is ahead of the service's, in milliseconds. */
  clockAheadMs = 0;
  /** Whether it samples itself when it is read. */
  usage = false;
  handshakes = 0;
  sessionsOpen = 0;
  /** Ends what runs over open sessions, as a lost connection does. */
  #cut = new AbortController();
  readonly #clock: Clock;
  readonly #watchers = new Set<(item: InventoryItem) => void>();

  constructor(name: string, clock: Clock) {
    this.endpoint = basicEndpoint(`http://${name}:5985/wsman`);
    this.hostId = name;
    this.#clock = clock;
  }

  /** How many watches there are. */
  get watching(): number {
    return this.#watchers.size;
  }

  /** Changes a VM and tells who watches. */
  setVm(facts: VmFacts): void {
    this.vms.set(facts.vmId, facts);
    this.tell({ kind: 'vm', vm: facts });
  }

  /** Sends an item to whoever watches. */
  tell(item: InventoryItem): void {
    for (const tell of this.#watchers) tell(item);
  }

  /** Changes what it tells of its cluster, and tells who watches. */
  setCluster(cluster: ClusterFacts | null): void {
    this.cluster = cluster;
    this.tell({ kind: 'host', host: hostFacts(this.hostId, { clusterId: cluster?.clusterId ?? null }) });
    if (cluster !== null) this.tell({ kind: 'cluster', cluster });
  }

  /** Breaks every open connection. */
  cut(): void {
    this.#cut.abort(lost());
    this.#cut = new AbortController();
  }

  async open(signal: AbortSignal): Promise<AgentSession> {
    this.handshakes += 1;
    if (this.fault === 'connect') await orAborted(forever(), signal);
    if (this.fault === 'refuse') throw refused();
    this.sessionsOpen += 1;
    const cut = this.#cut.signal;
    return {
      get lost() {
        return cut.aborted;
      },
      run: (envelope, stop) => this.#run(JSON.parse(envelope) as Envelope, AbortSignal.any([stop, cut])),
      close: () => {
        this.sessionsOpen -= 1;
        return Promise.resolve();
      },
    };
  }

  async *#run(envelope: Envelope, signal: AbortSignal): AsyncGenerator<string, undefined> {
    if (signal.aborted) throw lost();
    this.envelopes.push(envelope);
    let seq = 0;
    const lines = toAsync(this.#lines(envelope, signal));
    try {
      for (;;) {
        const { value: line, done } = await orAborted(lines.next(), signal);
        if (done === true) return undefined;
        if (this.fault === 'first-line' || (this.fault === 'mid-stream' && seq === 1)) {
          await orAborted(forever(), signal);
        }
        if (this.fault === 'cut' && seq === 1) throw lost();
        yield toAsciiJson({ op: envelope.id, seq, ...line });
        seq += 1;
      }
    } finally {
      lines.return(undefined).catch(() => undefined);
    }
  }

  #lines(envelope: Envelope, signal: AbortSignal): Iterable<Line> | AsyncIterable<Line> {
    if (envelope.op === 'agent.info') return [{ type: 'result', result: this.#info() }];
    if (envelope.op === 'inventory') {
      const items = this.#fullRead().map((item) => ({ type: 'item', item }));
      return [...items, { type: 'result', result: { vms: this.vms.size } }];
    }
    if (envelope.op === 'watch') return this.#watch(envelope, signal);
    return this.respond(envelope);
  }

  async *#watch(envelope: Envelope, signal: AbortSignal): AsyncGenerator<Line> {
    const queue: Line[] = this.#fullRead().map((item) => ({ type: 'item', item }));
    if (this.watchMode === 'ends-at-once') {
      yield* [...queue, { type: 'result', result: { reason: 'cancelled' } }];
      return;
    }
    if (this.watchMode === 'never-synced') queue.pop();
    let wake = (): void => undefined;
    const push = (line: Line): void => {
      queue.push(line);
      wake();
    };
    const tell = (item: InventoryItem): void => push({ type: 'item', item });
    let cancel = (): void => undefined;
    const beat = (): void => {
      cancel = this.#clock.schedule(20_000, () => {
        push({ type: 'heartbeat', at: this.#time() });
        beat();
      });
    };
    beat();
    this.#watchers.add(tell);
    const cancelEnd = this.#clock.schedule(envelope.timeoutSeconds * 1000, () =>
      push({ type: 'result', result: { reason: 'timeout' } }),
    );
    try {
      for (;;) {
        const line = queue.shift();
        if (line !== undefined) yield line;
        if (line?.type === 'result') return;
        // A host that stops in the middle says nothing, heartbeats included.
        if (this.fault === 'mid-stream') await orAborted(forever(), signal);
        if (queue.length === 0) await orAborted(new Promise<void>((resolve) => (wake = resolve)), signal);
      }
    } finally {
      this.#watchers.delete(tell);
      cancel();
      cancelEnd();
    }
  }

  #fullRead(): InventoryItem[] {
    return [
      { kind: 'host', host: hostFacts(this.hostId, { clusterId: this.cluster?.clusterId ?? null }) },
      ...(this.cluster === null ? [] : [{ kind: 'cluster' as const, cluster: this.cluster }]),
      ...[...this.vms.values()].map((vm) => ({ kind: 'vm' as const, vm })),
      ...(this.usage ? [{ kind: 'usage' as const, host: this.#sample(), vms: [] }] : []),
      { kind: 'synced', vmIds: [...this.vms.keys()] },
    ];
  }

  #time(): string {
    return new Date(this.#clock.now() + this.clockAheadMs).toISOString();
  }

  #sample(): HostUsage {
    return { hostId: this.hostId, sampledAt: this.#time(), cpuPercent: 1, memoryAvailable: 1 };
  }

  #info(): AgentInfo {
    return {
      hostId: this.hostId,
      name: this.hostId.toUpperCase(),
      agentVersion: '1.0.0',
      contract: 2,
      powershellVersion: '5.1.26100.1',
      powershellEdition: 'Desktop',
      languageMode: 'FullLanguage',
      executionPolicy: 'RemoteSigned',
      hyperV: true,
      clusterName: null,
      capabilities: this.watches ? ['cancel', 'watch'] : ['cancel'],
    };
  }
}

/** Reaches hosts in memory. */
export function fakeConnector(hosts: readonly FakeHost[]): AgentConnector {
  const byAddress = new Map(hosts.map((host) => [host.endpoint.address, host] as const));
  return {
    open: async (endpoint, signal) => {
      const host = byAddress.get(endpoint.address);
      if (host === undefined) throw refused();
      return host.open(signal);
    },
  };
}

async function* toAsync(lines: Iterable<Line> | AsyncIterable<Line>): AsyncGenerator<Line, undefined> {
  yield* lines;
  return undefined;
}

function forever(): Promise<never> {
  return new Promise(() => undefined);
}

function refused(): HostOperationError {
  return new HostOperationError('host-unreachable', 'Connection refused.', { began: false });
}

function lost(): HostOperationError {
  return new HostOperationError('host-unreachable', 'The connection was lost.', { began: true });
}
