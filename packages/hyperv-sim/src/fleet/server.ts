import type { JournalEntry } from '@aether-v/types';
import { serveListener, type ServeOptions, type ShellPacing } from '@aether-v/psrp/server';
import {
  demoFleet,
  EngineError,
  HyperVEngine,
  type EngineClock,
  type FailureSource,
  type FleetSpec,
} from '../engine/index.ts';
import { createAdminHandler } from './admin.ts';
import type { Fault } from './fault.ts';
import { fleetAuthentication, type FleetAccount, type FleetAuthentication } from './fleet-authentication.ts';
import { HostEndpoint, type Counters, type ServedHost } from './host-endpoint.ts';
import { listenOnLoopback } from './http-server.ts';
import { routeHosts } from './route-hosts.ts';
import { systemEngineClock } from './system-clock.ts';

/** Options of a served fleet. */
export interface FleetOptions extends FleetAccount {
  /** Serves the hosts by HTTPS. */
  readonly tls?: NonNullable<ServeOptions['tls']>;
  /** The name in the hosts' URLs: that of the certificate, or of the Kerberos service. Default: 127.0.0.1. */
  readonly hostname?: string;
  /** Default: the demo fleet. */
  readonly fleet?: FleetSpec;
  /** Default: `aether-v`. */
  readonly seed?: string;
  /** 0, the default, takes any free port. */
  readonly port?: number;
  readonly adminPort?: number;
  /** The clock of the fleet and of shell timeouts; the system clock by default. */
  readonly clock?: EngineClock;
  readonly failures?: FailureSource;
  /** Changes to the response timing of real hosts. */
  readonly pacing?: Partial<ShellPacing>;
}

/** A fleet that answers WinRM on loopback, until it is disposed. */
export interface SimulatedFleet extends AsyncDisposable {
  readonly engine: HyperVEngine;
  readonly hosts: readonly ServedHost[];
  readonly hostUrls: readonly string[];
  readonly adminUrl: string;
  /** Sets a fault of a host; null heals it. Throws `EngineError` for an unknown host. */
  setFault(hostId: string, fault: Fault | null): void;
  /** Returns the entries of the host's journal, oldest first, without those of operations that were barred. */
  journal(hostId: string): JournalEntry[];
  /** The host's WS-Management traffic. */
  counters(hostId: string): Counters;
  /** Resets the counters of one host, or of all. */
  resetCounters(hostId?: string): void;
  close(): Promise<void>;
}

function makeEndpoints(
  engine: HyperVEngine,
  { authenticate }: FleetAuthentication,
  { pacing, clock }: FleetOptions,
): ReadonlyMap<string, HostEndpoint> {
  const shared = {
    engine,
    authentication: authenticate,
    ...(pacing && { pacing }),
    ...(clock && { clock }),
  };
  return new Map(engine.hostIds.map((hostId) => [hostId, new HostEndpoint({ ...shared, hostId })]));
}

/**
 * Serves a fleet: all hosts on one loopback port, each on its own path and at `/wsman` by name; the admin API on
 * another port.
 */
export async function startFleet(options: FleetOptions): Promise<SimulatedFleet> {
  const { fleet = demoFleet, seed = 'aether-v', failures, clock, tls, hostname = '127.0.0.1' } = options;
  const engine = new HyperVEngine({
    clock: clock ?? systemEngineClock,
    seed,
    fleet,
    ...(failures && { failures }),
  });
  const authentication = fleetAuthentication(options);
  const endpoints = makeEndpoints(engine, authentication, options);
  const winrm = await serveListener(routeHosts(engine, endpoints), {
    port: options.port ?? 0,
    ...(tls && { tls }),
    ...(clock && { clock }),
  });
  const hosts = engine.hostIds.map((hostId) => ({
    hostId,
    name: engine.host(hostId).name,
    url: `${tls ? 'https' : 'http'}://${hostname}:${winrm.port}/hosts/${hostId}/wsman`,
  }));
  const admin = await listenOnLoopback(
    createAdminHandler({ engine, endpoints, hosts }),
    options.adminPort ?? 0,
  ).catch(async (error: unknown) => {
    await winrm.close();
    throw error;
  });
  const endpoint = (hostId: string): HostEndpoint => {
    const found = endpoints.get(hostId);
    if (!found) throw new EngineError('not-found', `The host "${hostId}" does not exist.`);
    return found;
  };
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    engine.dispose();
    await Promise.all([...endpoints.values()].map(({ listener }) => listener.close()));
    await Promise.all([winrm.close(), admin.close()]);
    await authentication.close();
  };
  return {
    engine,
    hosts,
    hostUrls: hosts.map(({ url }) => url),
    adminUrl: admin.origin,
    setFault: (hostId, fault) => endpoint(hostId).gate.set(fault),
    journal: (hostId) => endpoint(hostId).agent.journal(),
    counters: (hostId) => endpoint(hostId).counters,
    resetCounters: (hostId) => {
      for (const one of hostId === undefined ? endpoints.values() : [endpoint(hostId)]) one.resetCounters();
    },
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
}
