import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { AboutModule } from './about/about.module.ts';
import { AuditController } from './audit/audit.controller.ts';
import { LoginController } from './sign-in/login.controller.ts';
import { MeController } from './sign-in/me.controller.ts';
import { PasswordController } from './sign-in/password.controller.ts';
import { SessionsController } from './sign-in/sessions.controller.ts';
import { ClustersController } from './clusters/clusters.controller.ts';
import type { Config } from './config/settings.ts';
import { CreationModule } from './creation/creation.module.ts';
import { EventsModule } from './events/events.module.ts';
import { FleetModule } from './fleet.module.ts';
import { HealthController } from './health/health.controller.ts';
import { HostsModule } from './hosts/hosts.module.ts';
import { InventoryController } from './inventory/inventory.controller.ts';
import { JobsModule } from './jobs/jobs.module.ts';
import { RetriesModule } from './retries/retries.module.ts';
import { VmControlModule } from './vm-control/vm-control.module.ts';
import { VmsModule } from './vms/vms.module.ts';

@Module({})
export class AppModule {
  /**
   * The root module of the service.
   *
   * @param replacements Providers of the fleet that replace those with the same token: fakes for tests.
   */
  static forRoot(config: Config, replacements: readonly Provider[] = []): DynamicModule {
    return {
      module: AppModule,
      imports: [
        FleetModule.forRoot(config, replacements),
        JobsModule,
        RetriesModule,
        HostsModule,
        VmsModule,
        CreationModule,
        VmControlModule,
        EventsModule,
        AboutModule,
      ],
      controllers: [
        InventoryController,
        ClustersController,
        HealthController,
        AuditController,
        MeController,
        LoginController,
        PasswordController,
        SessionsController,
      ],
    };
  }
}
