import type { BulkPlan, JobAccepted, Plan } from '@aether-v/types';
import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { JobRow } from '../jobs/job-transitions.ts';

/** The plan of one command, or of several. */
type AnyPlan = Plan | BulkPlan;

/** Responds with the job that a handler created and its address in `Location`; for a dry run, with the plan. */
@Injectable()
export class JobAnswerInterceptor implements NestInterceptor<JobRow | AnyPlan, JobAccepted | AnyPlan> {
  intercept(
    context: ExecutionContext,
    next: CallHandler<JobRow | AnyPlan>,
  ): Observable<JobAccepted | AnyPlan> {
    const reply = context.switchToHttp().getResponse<FastifyReply>();
    return next.handle().pipe(
      map((job) => {
        if ('ok' in job) {
          void reply.status(200);
          return job;
        }
        void reply.header('location', `/api/v1/jobs/${job.id}`);
        return { job };
      }),
    );
  }
}
