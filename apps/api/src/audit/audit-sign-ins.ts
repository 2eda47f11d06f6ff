import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { accountPrincipalId } from '../auth/accounts/account.ts';
import { SignInRecorder } from '../auth/sessions/sign-in-recorder.ts';
import type { Session, SessionClaims } from '../auth/sessions/session.ts';
import { AuditLog, type AuditEntry } from './audit-log.ts';

/** Records sign-ins and sign-outs in the audit log. */
@Injectable()
export class AuditedSignIns extends SignInRecorder {
  constructor(private readonly audit: AuditLog) {
    super();
  }

  override signedIn({ principalId: id, name, kind }: Session, request: FastifyRequest): void {
    this.#record(request, 'auth.sign-in', { status: 'accepted', details: kind, actor: { id, name } });
  }

  override refused(user: string | null, request: FastifyRequest): void {
    const actor =
      user === null ? { id: null, name: 'unknown account' } : { id: accountPrincipalId(user), name: user };
    this.#record(request, 'auth.sign-in', { status: 'refused', details: 'account', actor });
  }

  override signedOut({ principalId: id, name, kind }: SessionClaims, request: FastifyRequest): void {
    this.#record(request, 'auth.sign-out', { status: 'accepted', details: kind, actor: { id, name } });
  }

  #record(
    request: FastifyRequest,
    action: string,
    outcome: Pick<AuditEntry, 'status' | 'details' | 'actor'>,
  ): void {
    this.audit.record({
      ...outcome,
      action,
      clientIp: request.ip,
      method: request.method,
      object: { kind: 'none', id: null, name: null },
      job: null,
      host: null,
      request: request.id,
    });
  }
}
