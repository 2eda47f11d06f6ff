import {
  Inject,
  Injectable,
  Logger,
  Module,
  type BeforeApplicationShutdown,
  type DynamicModule,
  type OnApplicationBootstrap,
  type Provider,
} from '@nestjs/common';
import { AuditLog } from './audit/audit-log.ts';
import { makeAudit, makeAuditReader } from './audit/make-audit.ts';
import { AuditReader } from './audit/records/audit-reader.ts';
import { AuditedSignIns } from './audit/audit-sign-ins.ts';
import { authExports, authProviders } from './auth/auth-providers.ts';
import { SignInRecorder } from './auth/sessions/sign-in-recorder.ts';
import { SignatureCheck } from './auth/signing/signature-check.ts';
import { clockToken } from './common/clock.token.ts';
import { systemClock, type Clock } from './common/clock.ts';
import { clusterEndpoint, hostEndpoint, type HostEndpoint } from './config/host-endpoint.ts';
import { clusterTargets, hostTargets } from './config/host-target.ts';
import { configToken, type Config } from './config/settings.ts';
import { tlsWarning } from './config/tls-warning.ts';
import type { AgentConnector } from './host-adapter/agent/agent-session.ts';
import { HostOperations } from './host-adapter/agent/host-operations.ts';
import { configuredConnector } from './host-adapter/connect/configured-connector.ts';
import { gatewayLimits } from './host-adapter/connect/configured-limits.ts';
import { HostGateway } from './host-adapter/connect/host-gateway.ts';
import { HostReadTimes } from './hosts/host-read-times.ts';
import { FleetCollector } from './inventory/fleet-collector.ts';
import { FleetStore } from './inventory/fleet-store.ts';
import { FleetViews } from './inventory/fleet-views.ts';
import { defaultSupervision } from './inventory/host-supervisor.ts';
import { UsageStore } from './inventory/usage-store.ts';
import { makeSignatureCheck } from './vm-control/make-signature-check.ts';

/** The injection token of the agent connector, which opens sessions with hosts. */
export const agentConnectorToken = Symbol('agentConnector');

/** Starts reading hosts once the service listens, and stops before the process ends. */
@Injectable()
class FleetLifecycle implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(
    private readonly collector: FleetCollector,
    private readonly gateway: HostGateway,
    @Inject(agentConnectorToken) private readonly connector: AgentConnector,
    @Inject(configToken) private readonly config: Config,
  ) {}

  onApplicationBootstrap(): void {
    const warning = tlsWarning(this.config);
    if (warning !== null) new Logger('Hosts').warn(warning);
    this.collector.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.collector.stop();
    await this.gateway.close();
    this.connector.dispose?.();
  }
}

function makeConnector(config: Config): AgentConnector {
  const log = new Logger('Hosts');
  return configuredConnector(config, (message) => log.log(message));
}

function configuredEndpoints(config: Config): HostEndpoint[] {
  return [...hostTargets(config).map(hostEndpoint), ...clusterTargets(config).map(clusterEndpoint)];
}

function makeGateway(config: Config, connector: AgentConnector, clock: Clock): HostGateway {
  return new HostGateway({
    endpoints: configuredEndpoints(config),
    connector,
    clock,
    limits: gatewayLimits(config),
  });
}

/** Time an agent has to identify itself, in milliseconds; a cold PowerShell loads its modules first. */
const timeToSayWho = 15_000;

function makeCollector(
  config: Config,
  gateway: HostGateway,
  store: FleetStore,
  usage: UsageStore,
  clock: Clock,
): FleetCollector {
  return new FleetCollector({
    endpoints: configuredEndpoints(config),
    operations: gateway,
    directory: gateway,
    store,
    usage,
    clock,
    random: Math.random,
    settings: {
      ...defaultSupervision,
      refreshInterval: config.refreshInterval * 1000,
      reconcileSeconds: config.refreshInterval,
      // The agent answers only after the connection is open, so both times add up.
      infoTimeout: config.connectTimeout * 1000 + timeToSayWho,
    },
  });
}

/** The fleet: its inventory and the connections to its hosts. */
@Module({})
export class FleetModule {
  /** @param replacements Providers that replace those with the same token. */
  static forRoot(config: Config, replacements: readonly Provider[]): DynamicModule {
    const providers: Provider[] = [
      { provide: configToken, useValue: config },
      { provide: clockToken, useValue: systemClock },
      { provide: FleetStore, inject: [clockToken], useFactory: (clock: Clock) => new FleetStore({ clock }) },
      { provide: UsageStore, useFactory: () => new UsageStore() },
      FleetViews,
      { provide: agentConnectorToken, inject: [configToken], useFactory: makeConnector },
      {
        provide: HostGateway,
        inject: [configToken, agentConnectorToken, clockToken],
        useFactory: makeGateway,
      },
      { provide: HostOperations, useExisting: HostGateway },
      {
        provide: FleetCollector,
        inject: [configToken, HostGateway, FleetStore, UsageStore, clockToken],
        useFactory: makeCollector,
      },
      { provide: HostReadTimes, useExisting: FleetCollector },
      { provide: AuditReader, inject: [configToken], useFactory: makeAuditReader },
      { provide: AuditLog, inject: [configToken, clockToken, AuditReader], useFactory: makeAudit },
      { provide: SignInRecorder, useClass: AuditedSignIns },
      ...authProviders,
      { provide: SignatureCheck, inject: [configToken, clockToken], useFactory: makeSignatureCheck },
      // Nest uses the last of several providers with the same token.
      ...replacements,
    ];
    const exported = [
      configToken,
      clockToken,
      FleetStore,
      FleetViews,
      HostGateway,
      HostOperations,
      FleetCollector,
      HostReadTimes,
      AuditLog,
      AuditReader,
      SignInRecorder,
      ...authExports,
    ];
    return {
      module: FleetModule,
      global: true,
      providers: [...providers, FleetLifecycle],
      exports: exported,
    };
  }
}
