import type { Diagnostics, OperationName, OperationRequest, OperationResult } from '@aether-v/types';
import { systemClock, type Clock } from '../../common/clock.ts';
import type { HostEndpoint } from '../../config/host-endpoint.ts';
import type { AgentConnector } from '../agent/agent-session.ts';
import { HostOperations, type InvokeOptions } from '../agent/host-operations.ts';
import { HostOperationError } from '../errors/host-operation-error.ts';
import { AccountGates } from '../limits/account-gate.ts';
import { Breaker } from '../limits/breaker.ts';
import { makeLanes, type Lanes, type LaneSizes } from '../limits/lanes.ts';
import type { Limiter } from '../limits/limiter.ts';
import { HostChannel, type ChannelStatus } from './host-channel.ts';
import type { HostDirectory } from './host-directory.ts';
import { HostIdentities, type IdentityAnswer } from './host-identities.ts';

/** Limits and timeouts of the connections to hosts, in milliseconds. */
export interface HostGatewayLimits {
  readonly trusted: LaneSizes;
  readonly suspect: LaneSizes;
  readonly operationsPerHost: number;
  readonly handshakeTimeout: number;
  readonly silence: number;
  readonly hangAfter: number;
  readonly breakerThreshold: number;
  readonly breakerFirstWait: number;
  readonly breakerLongestWait: number;
}

/** Defaults for fleets of up to about a hundred hosts. */
export const defaultHostGatewayLimits: HostGatewayLimits = {
  trusted: { handshakes: 8, operations: 64 },
  suspect: { handshakes: 4, operations: 8 },
  operationsPerHost: 8,
  handshakeTimeout: 20_000,
  // Two and a half of the agent's heartbeats.
  silence: 50_000,
  hangAfter: 10_000,
  breakerThreshold: 2,
  breakerFirstWait: 2000,
  // The longest time that the return of a host may go unnoticed.
  breakerLongestWait: 15_000,
};

/** Dependencies of a gateway. */
export interface HostGatewayOptions {
  readonly endpoints: readonly HostEndpoint[];
  readonly connector: AgentConnector;
  readonly limits?: HostGatewayLimits;
  readonly clock?: Clock;
  readonly random?: () => number;
}

/** Connects to every host of the fleet: one channel per host, and the limits they share. */
export class HostGateway extends HostOperations implements HostDirectory {
  readonly #shared: Shared;
  readonly #channels = new Map<string, HostChannel>();
  readonly #identities = new HostIdentities();

  constructor({
    endpoints,
    connector,
    limits = defaultHostGatewayLimits,
    clock,
    random,
  }: HostGatewayOptions) {
    super();
    const lanes = makeLanes(limits.trusted, limits.suspect);
    const time = clock ?? systemClock;
    const accounts = new AccountGates(time);
    this.#shared = { connector, lanes, limits, accounts, clock: time, random: random ?? Math.random };
    for (const endpoint of endpoints) this.add(endpoint);
  }

  /** See HostDirectory. */
  add(endpoint: HostEndpoint): readonly string[] {
    const { address } = endpoint;
    if (this.#channels.has(address)) return [];
    this.#channels.set(address, makeChannel(endpoint, this.#shared));
    return this.#identities.add(endpoint);
  }

  /** See HostDirectory. */
  async remove(address: string): Promise<void> {
    const channel = this.#channels.get(address);
    this.#channels.delete(address);
    this.#identities.remove(address);
    await channel?.close(leftFleet());
  }

  /** See HostDirectory. */
  provenAddressOf(hostId: string): string | undefined {
    return this.#identities.provenAddressOf(hostId);
  }

  /** See HostDirectory. */
  identify(address: string, hostId: string): IdentityAnswer {
    return this.#identities.identify(address, hostId);
  }

  override async invoke<N extends OperationName>(
    host: string,
    op: N,
    request: OperationRequest<N>,
    options: InvokeOptions<N>,
  ): Promise<OperationResult<N>> {
    // Addresses take precedence, so that no id reported by a host can redirect operations meant for an address.
    const channel = this.#channels.get(host) ?? this.#channels.get(this.#identities.addressOf(host) ?? '');
    if (channel === undefined) {
      throw new HostOperationError('not-found', `The host ${host} is unknown.`, { began: false });
    }
    return channel.invoke(op, request, options);
  }

  /** Returns the state of the channel to an address; undefined if there is none. */
  statusOf(address: string): ChannelStatus | undefined {
    return this.#channels.get(address)?.status;
  }

  /** The use of the limits that all hosts share. */
  get limits(): Diagnostics['limits'] {
    const { trusted, suspect } = this.#shared.lanes;
    return { trusted: usedOf(trusted), suspect: usedOf(suspect) };
  }

  /** Ends all operations and sessions. */
  async close(): Promise<void> {
    await Promise.all([...this.#channels.values()].map((channel) => channel.close()));
  }
}

function usedOf({ handshakes, operations }: Lanes['trusted']): Diagnostics['limits']['trusted'] {
  const places = ({ taken, waiting }: Limiter) => ({ taken, waiting });
  return { handshakes: places(handshakes), operations: places(operations) };
}

function leftFleet(): HostOperationError {
  return new HostOperationError('host-unreachable', 'The host is no longer in the fleet.', {
    began: true,
  });
}

interface Shared {
  readonly connector: AgentConnector;
  readonly lanes: Lanes;
  readonly limits: HostGatewayLimits;
  readonly accounts: AccountGates;
  readonly clock: Clock;
  readonly random: () => number;
}

function makeChannel(
  endpoint: HostEndpoint,
  { connector, lanes, limits, accounts, clock, random }: Shared,
): HostChannel {
  const breaker = new Breaker({
    clock,
    threshold: limits.breakerThreshold,
    backoff: { first: limits.breakerFirstWait, longest: limits.breakerLongestWait, random },
  });
  const account = accounts.of(endpoint.target);
  return new HostChannel({ endpoint, connector, breaker, lanes, account, clock, ...limits });
}
