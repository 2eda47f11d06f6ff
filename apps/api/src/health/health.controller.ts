import type { Health, Readiness } from '@aether-v/types';
import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/access.decorators.ts';
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
  @Public('Says only that the process answers; whoever restarts it has no account.')
  @ApiOperation({ summary: 'Whether the process answers' })
  @Answers('Health', 'It does')
  getHealth(): Health {
    return { status: 'ok' };
  }

  @Get('readyz')
  @Public('Says only whether the service is set up; balancers have no account.')
  @ApiOperation({ summary: 'Whether the service can do its work, and what it waits for' })
  @Answers('Readiness', 'It can')
  @Answers('Readiness', 'It cannot yet', 503)
  getReadiness(@Res({ passthrough: true }) reply: FastifyReply): Readiness {
    // Hosts that are away do not count: the service is there to say so.
    const missing = [
      ...(this.config.hosts.length === 0 ? ['HYPERV_HOSTS names no host.'] : []),
      ...(this.collector.started ? [] : ['The hosts are not being read.']),
    ];
    if (missing.length > 0) void reply.status(503);
    return { status: missing.length === 0 ? 'ready' : 'not-ready', missing };
  }
}
