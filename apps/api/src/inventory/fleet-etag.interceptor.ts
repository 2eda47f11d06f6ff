import {
  applyDecorators,
  Injectable,
  mixin,
  UseInterceptors,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { ApiResponse } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Observable } from 'rxjs';
import { readerDigest } from '../auth/reader-digest.ts';
import { FleetStore } from './fleet-store.ts';

/**
 * Adds a weak entity tag to a response that depends only on its address, its reader and the fleet's version, as of before
 * the handler reads.
 *
 * @param depends Returns false for queries whose response also depends on something else, such as usage samples.
 */
export function FleetEtag(depends: (query: unknown) => boolean = () => true): MethodDecorator {
  @Injectable()
  class FleetEtagInterceptor implements NestInterceptor {
    constructor(private readonly store: FleetStore) {}

    intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
      const http = context.switchToHttp();
      const { principal, query } = http.getRequest<FastifyRequest>();
      if (principal !== null && depends(query)) {
        const etag = `W/"${this.store.version}-${readerDigest(principal)}"`;
        http.getResponse<FastifyReply>().header('etag', etag);
      }
      return next.handle();
    }
  }
  return applyDecorators(
    UseInterceptors(mixin(FleetEtagInterceptor)),
    ApiResponse({
      status: 304,
      description: 'The response has not changed since the one with the ETag in `If-None-Match`',
    }),
  );
}
