import { About, contractVersion, Diagnostics, OssLicenses, timestamp } from '@aether-v/types';
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import manifest from '../../package.json' with { type: 'json' };
import { CurrentPrincipal, RequirePermission } from '../auth/access.decorators.ts';
import type { Principal } from '../auth/principal.ts';
import { serviceVersion } from '../common/service-version.ts';
import { configToken, type Config } from '../config/settings.ts';
import { shippedVersion } from '../host-adapter/agent/shipped-agent.ts';
import { Answers } from '../http/answers.ts';
import { DiagnosticsService } from './diagnostics.service.ts';
import { OssLicensesFile } from './oss-licenses.ts';
import { ServiceStart } from './service-start.ts';

/** Describes the service: versions, licences and diagnostics. */
@ApiTags('Service')
@Controller('api/v1')
export class AboutController {
  #agentVersion: string | undefined;
  readonly #licenses = new OssLicensesFile();

  constructor(
    private readonly diagnostics: DiagnosticsService,
    private readonly start: ServiceStart,
    @Inject(configToken) private readonly config: Config,
  ) {}

  @Get('about')
  @RequirePermission('view')
  @ApiOperation({ summary: 'Read the versions of the service' })
  @Answers(About, 'The versions')
  getAbout(): About {
    return {
      product: 'Aether-V',
      version: serviceVersion(this.config),
      licence: manifest.license,
      environmentName: this.config.environmentName,
      contractVersion,
      agentVersion: (this.#agentVersion ??= shippedVersion()),
      nodeVersion: process.versions.node,
      startedAt: timestamp(this.start.at),
    };
  }

  @Get('oss-licenses')
  @RequirePermission('view')
  @ApiOperation({ summary: 'List the open-source packages of the product with their licences' })
  @Answers(OssLicenses, 'The packages of the service and the console')
  getOssLicenses(): Promise<OssLicenses> {
    return this.#licenses.read();
  }

  @Get('diagnostics')
  @RequirePermission('diagnostics')
  @ApiOperation({
    summary: 'Read the internal state of the service',
    description:
      'Returns the session, circuit breaker, queues and agent version of each host, memory, the delay of the event ' +
      'loop, and the sizes of the stores. Contains no secrets, and nothing of a host but its name.',
  })
  @Answers(Diagnostics, 'The current state')
  getDiagnostics(@CurrentPrincipal() principal: Principal): Diagnostics {
    return this.diagnostics.read(principal);
  }
}
