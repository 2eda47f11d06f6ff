import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Observable } from 'rxjs';
import { fleetVersionHeader } from '../http/answers.ts';
import { FleetStore } from './fleet-store.ts';

/**
 * Adds the fleet's version to every response, as of before the handler reads: an event stream from this version leaves
 * no gap.
 */
@Injectable()
export class FleetVersionInterceptor implements NestInterceptor {
  constructor(private readonly store: FleetStore) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    context.switchToHttp().getResponse<FastifyReply>().header(fleetVersionHeader, this.store.version);
    return next.handle();
  }
}
