import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { SignInRecorder } from '../auth/sessions/sign-in-recorder.ts';
import type { Session } from '../auth/sessions/session.ts';
import { AuditLog } from './audit-log.ts';

/** Records in the audit log who has signed in. */
@Injectable()
export class AuditedSignIns extends SignInRecorder {
  constructor(private readonly audit: AuditLog) {
    super();
  }

  override signedIn({ principalId: id, name, kind }: Session, request: FastifyRequest): void {
    this.audit.record({
      action: 'auth.sign-in',
      status: 'accepted',
      details: kind,
      actor: { id, name },
      clientIp: request.ip,
      method: request.method,
      object: { kind: 'none', id: null, name: null },
      job: null,
      host: null,
      request: request.id,
    });
  }
}
