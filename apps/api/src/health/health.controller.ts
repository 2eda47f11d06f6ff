import { Health, Readiness } from '@aether-v/types';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/access.decorators.ts';
import { serviceVersion } from '../common/service-version.ts';
import { configToken, type Config } from '../config/settings.ts';
import { Answers } from '../http/answers.ts';
import { FleetCollector } from '../inventory/fleet-collector.ts';

@ApiTags('Health')
@Controller()
export class HealthController {
  constructor(
    private readonly collector: FleetCollector,
    @Inject(configToken) private readonly config: Config,
  ) {}

  @Get('healthz')
  @Public('Liveness only; the orchestrator that restarts the process has no account.', { anyHost: true })
  @ApiOperation({ summary: 'Check that the process is alive, and read its version' })
  @Answers(Health, 'The process is alive')
  getHealth(): Health {
    return { status: 'ok', version: serviceVersion(this.config) };
  }

  @Get('readyz')
  @Public('Readiness only; load balancers have no account.', { anyHost: true })
  @ApiOperation({ summary: 'Check that the service is ready, and list what is missing' })
  @Answers(Readiness, 'The service is ready')
  @Answers(Readiness, 'The service is not ready', 503)
  getReadiness(@Res({ passthrough: true }) reply: FastifyReply): Readiness {
    // Unreachable hosts do not count: the service must stay available to report them.
    const missing = [
      ...(this.config.hosts.length === 0 ? ['HYPERV_HOSTS names no host.'] : []),
      ...(this.collector.started ? [] : ['The service is not reading the hosts yet.']),
    ];
    if (missing.length > 0) void reply.status(503);
    return { status: missing.length === 0 ? 'ready' : 'not-ready', missing };
  }
}
