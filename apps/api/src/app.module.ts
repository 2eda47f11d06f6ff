import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { ClustersController } from './clusters/clusters.controller.ts';
import { CLOCK } from './common/clock.token.ts';
import { systemClock } from './common/clock.ts';
import { CONFIG, type Config } from './config/settings.ts';
import { HealthController } from './health/health.controller.ts';
import { HostReadTimes } from './hosts/host-read-times.ts';
import { HostsController } from './hosts/hosts.controller.ts';
import { HostsService } from './hosts/hosts.service.ts';
import { FleetStore } from './inventory/fleet-store.ts';
import { InventoryController } from './inventory/inventory.controller.ts';
import { UsageStore } from './inventory/usage-store.ts';
import { VmsController } from './vms/vms.controller.ts';
import { VmsService } from './vms/vms.service.ts';

@Module({})
export class AppModule {
  /**
   * The whole service.
   *
   * @param replacements Providers that take the place of those of the same token: fakes of tests.
   */
  static forRoot(config: Config, replacements: readonly Provider[] = []): DynamicModule {
    return {
      module: AppModule,
      controllers: [
        InventoryController,
        ClustersController,
        HostsController,
        VmsController,
        HealthController,
      ],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: CLOCK, useValue: systemClock },
        { provide: FleetStore, useFactory: () => new FleetStore() },
        { provide: UsageStore, useFactory: () => new UsageStore() },
        { provide: HostReadTimes, useValue: { readAt: () => undefined } },
        HostsService,
        VmsService,
        // Of two providers with one token the later one counts.
        ...replacements,
      ],
    };
  }
}
