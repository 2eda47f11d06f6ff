import type { JobAccepted } from '@aether-v/types';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { JobRow } from '../jobs/job-transitions.ts';

/** Responds with the job that a handler created, and with its address in `Location`. */
@Injectable()
export class JobAnswerInterceptor implements NestInterceptor<JobRow, JobAccepted> {
  intercept(context: ExecutionContext, next: CallHandler<JobRow>): Observable<JobAccepted> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((job) => {
        void reply.header('location', `/api/v1/jobs/${job.id}`);
        return { job };
      }),
    );
  }
}
