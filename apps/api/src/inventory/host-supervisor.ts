import {
  backoffDelay,
  contractVersion,
  maxVmsPerHost,
  type AgentInfo,
  type InventoryItem,
} from '@aether-v/types';
import type { Clock } from '../common/clock.ts';
import type { HostEndpoint } from '../config/host-endpoint.ts';
import type { Flaw, HostOperations, OperationLine } from '../host-adapter/agent/host-operations.ts';
import type { IdentityAnswer } from '../host-adapter/connect/host-identities.ts';
import { transportCan } from '../host-adapter/connect/transport-capabilities.ts';
import { HostOperationError } from '../host-adapter/errors/host-operation-error.ts';
import { ClockOffset } from './clock-offset.ts';
import { HostFlaws } from './host-flaws.ts';
import { PacedListener, type SupervisorListener } from './paced-listener.ts';
import { Pause } from './pause.ts';
import {
  asFailure,
  incomplete,
  notRead,
  otherContract,
  secondAddress,
  tooManyVms,
} from './supervision-errors.ts';
import { VmBudget } from './vm-budget.ts';

/** Settings for reading hosts, in milliseconds unless the name states otherwise. */
export interface SupervisionSettings {
  /** The interval of reads of a host that does not support watches. */
  readonly refreshInterval: number;
  /** The interval at which a watching agent compares its full state. */
  readonly reconcileSeconds: number;
  /** The interval at which a watching agent sends usage samples. */
  readonly usageSeconds: number;
  /** The time after which a watch is restarted. */
  readonly watchLifetime: number;
  readonly infoTimeout: number;
  readonly inventoryTimeout: number;
  /** The first and the longest wait before reconnecting to a failed host. */
  readonly firstRetry: number;
  readonly longestRetry: number;
  /** The shortest wait if only an operator can help (refused credentials, missing agent). */
  readonly hopelessRetry: number;
}

/** Defaults that suit most fleets. */
export const defaultSupervision: SupervisionSettings = {
  refreshInterval: 60_000,
  reconcileSeconds: 300,
  usageSeconds: 5,
  watchLifetime: 3_600_000,
  infoTimeout: 30_000,
  inventoryTimeout: 120_000,
  firstRetry: 1000,
  longestRetry: 15_000,
  hopelessRetry: 30_000,
};

/** Dependencies of a supervisor. */
export interface HostSupervisorOptions {
  readonly endpoint: HostEndpoint;
  readonly operations: HostOperations;
  /** Records the id reported at an address, unless another address has a better claim to it. */
  readonly identify: (address: string, hostId: string) => IdentityAnswer;
  readonly clock: Clock;
  readonly random: () => number;
  readonly settings: SupervisionSettings;
  readonly listener: SupervisorListener;
}

const actor = 'aether-v inventory';

/**
 * A watch that lasted this long in milliseconds is restarted at once when it breaks, before the host counts as
 * unreachable.
 */
const provenWatch = 10_000;

const onlyPeopleHelp: ReadonlySet<string> = new Set([
  'access-denied',
  'agent-missing',
  'contract-violation',
  'not-supported',
]);

/** Keeps the state of one host current: identifies the host, then watches or polls it. */
export class HostSupervisor {
  readonly #options: HostSupervisorOptions;
  readonly #stopping = new AbortController();
  readonly #pause: Pause;
  readonly #listener: PacedListener;
  #running: Promise<void> | undefined;
  #failures = 0;
  #syncedAt: number | undefined;
  /** The host's VMs that were read so far. */
  #vmIds = new Set<string>();
  readonly #budget = new VmBudget();
  readonly #flaws = new HostFlaws();
  readonly #clockOffset = new ClockOffset();

  constructor(options: HostSupervisorOptions) {
    this.#options = options;
    this.#pause = new Pause(options.clock, this.#stopping.signal);
    this.#listener = new PacedListener(options.listener, options.clock);
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Stops reading; the host's rows stay. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#listener.stop();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    for (;;) {
      this.#syncedAt = undefined;
      try {
        const info = await this.#identify();
        if (this.#canWatch(info)) await this.#watch();
        else await this.#poll();
        if (this.#isProven()) this.#failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        await this.#failed(error).catch(() => undefined);
      }
    }
  }

  async #identify(): Promise<AgentInfo> {
    const { endpoint, operations, settings, identify } = this.#options;
    const info = await operations.invoke(
      endpoint.address,
      'agent.info',
      {},
      this.#call(settings.infoTimeout),
    );
    if (info.contract !== contractVersion) throw otherContract(info);
    const answer = identify(endpoint.address, info.hostId);
    if (!answer.accepted) throw secondAddress(info, answer.holder);
    const watching = this.#canWatch(info);
    this.#listener.onEvent({ type: 'identified', hostId: info.hostId, name: info.name, watching });
    return info;
  }

  #canWatch({ capabilities }: AgentInfo): boolean {
    return capabilities.includes('watch') && transportCan(this.#options.endpoint.target, 'watch');
  }

  /** Returns after the lifetime of a watch. */
  async #watch(): Promise<void> {
    const { endpoint, operations, settings, clock } = this.#options;
    const { reconcileSeconds, usageSeconds, watchLifetime, inventoryTimeout, firstRetry } = settings;
    const startedAt = clock.now();
    const unread = new AbortController();
    const cancel = clock.schedule(inventoryTimeout, () => {
      if (this.#syncedAt === undefined) unread.abort(notRead(inventoryTimeout));
    });
    const call = this.#call(watchLifetime);
    this.#flaws.clear();
    try {
      await operations.invoke(
        endpoint.address,
        'watch',
        { reconcileSeconds, usageSeconds },
        {
          ...call,
          onFlaw: (flaw) => this.#flaw(flaw),
          signal: AbortSignal.any([call.signal, unread.signal]),
          onLine: (line) => {
            this.#line(line);
            if (this.#syncedAt !== undefined) this.#listener.onCurrent();
          },
        },
      );
    } finally {
      cancel();
    }
    // A host may end its watch at any time, but a new one is not requested more often than this.
    await this.#pause.until(startedAt + firstRetry);
  }

  /** Never returns. */
  async #poll(): Promise<void> {
    const { clock, settings } = this.#options;
    for (;;) {
      const startedAt = clock.now();
      await this.#readAll();
      await this.#pause.until(startedAt + settings.refreshInterval);
    }
  }

  async #readAll(): Promise<void> {
    const { endpoint, operations, settings } = this.#options;
    this.#vmIds.clear();
    this.#flaws.clear();
    const { vms } = await operations.invoke(
      endpoint.address,
      'inventory',
      {},
      {
        ...this.#call(settings.inventoryTimeout),
        onFlaw: (flaw) => this.#flaw(flaw),
        onLine: (line) => this.#line(line),
      },
    );
    const told = this.#vmIds.size + this.#flaws.vmsBeyond(this.#vmIds);
    if (vms !== told) throw incomplete(vms, told);
    this.#item({ kind: 'synced', vmIds: [...this.#vmIds] });
    this.#listener.onCurrent();
  }

  #line(line: OperationLine<'inventory' | 'watch'>): void {
    if (line.type === 'heartbeat') this.#hearTime(line.at);
    else if (line.type === 'item') this.#item(line.item);
  }

  /** Records the host's time. */
  #hearTime(moment: string): void {
    if (!this.#clockOffset.measure(Date.parse(moment), this.#options.clock.now())) return;
    const { offsetMs } = this.#clockOffset;
    if (offsetMs !== null) this.#listener.onEvent({ type: 'clock', offsetMs });
  }

  #item(item: InventoryItem): void {
    if (item.kind === 'usage') {
      if (item.host !== null) this.#hearTime(item.host.sampledAt);
      this.#listener.onUsage(item.host, item.vms);
      return;
    }
    this.#count(item);
    if (item.kind === 'synced') {
      this.#syncedAt ??= this.#options.clock.now();
      this.#budget.retain(this.#vmIds);
      this.#listener.onEvent({ type: 'flawed', problems: this.#flaws.list });
    }
    if (item.kind === 'vm-removed') this.#budget.release(item.vmId);
    const fact = item.kind === 'vm' ? { ...item, vm: this.#budget.fit(item.vm) } : item;
    this.#listener.onEvent({ type: 'fact', fact });
  }

  /** Removes a VM of which nothing is usable: its old state would be wrong. */
  #flaw(flaw: Flaw): void {
    this.#flaws.add(flaw);
    if (flaw.vmId !== undefined) this.#item({ kind: 'vm-removed', vmId: flaw.vmId });
    if (this.#syncedAt !== undefined) this.#listener.onEvent({ type: 'flawed', problems: this.#flaws.list });
  }

  /** Tracks the host's VMs. @throws HostOperationError if the host lists more VMs than a host can have. */
  #count(item: InventoryItem): void {
    if (item.kind === 'vm') this.#vmIds.add(item.vm.vmId);
    else if (item.kind === 'vm-removed') this.#vmIds.delete(item.vmId);
    else if (item.kind === 'synced') this.#vmIds = new Set(item.vmIds);
    if (this.#vmIds.size > maxVmsPerHost) throw tooManyVms();
  }

  async #failed(error: unknown): Promise<void> {
    const { clock } = this.#options;
    const failure = asFailure(error);
    // Every full read and every loss changes all rows of the host, so one that breaks at once is read with exponential
    // backoff.
    if (this.#isProven()) this.#failures = 0;
    if (failure.code === 'host-unreachable' && this.#isProven()) return;
    this.#failures += 1;
    this.#listener.onEvent({ type: 'unreachable', error: failure.info });
    await this.#pause.until(clock.now() + this.#waitAfter(error, failure));
  }

  #waitAfter(error: unknown, failure: HostOperationError): number {
    const { settings, random } = this.#options;
    const floor = onlyPeopleHelp.has(failure.code) ? settings.hopelessRetry : 0;
    // No attempt was made. Two random waits in a row would exceed the longest wait.
    if (error instanceof HostOperationError && error.retryAfterSeconds !== null) {
      return Math.max(floor, error.retryAfterSeconds * 1000);
    }
    const { firstRetry: first, longestRetry: longest } = settings;
    return Math.max(floor, backoffDelay(this.#failures, { first, longest, random }));
  }

  /** Returns whether the connection had worked long enough that it is restored silently after a break. */
  #isProven(): boolean {
    return this.#syncedAt !== undefined && this.#options.clock.now() - this.#syncedAt >= provenWatch;
  }

  #call(timeout: number): { actor: string; deadline: Date; signal: AbortSignal } {
    const deadline = new Date(this.#options.clock.now() + timeout);
    return { actor, deadline, signal: this.#stopping.signal };
  }
}
