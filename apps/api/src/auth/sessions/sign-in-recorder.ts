import type { FastifyRequest } from 'fastify';
import type { Session, SessionClaims } from './session.ts';

/** Records sign-ins, failed ones included, and sign-outs. An abstract class, so that it serves as its own injection token. */
export abstract class SignInRecorder {
  abstract signedIn(session: Session, request: FastifyRequest): void;
  /**
   * Records a wrong password of a local account.
   *
   * @param user Null if there is no such account: the given name may be a mistyped password.
   */
  abstract refused(user: string | null, request: FastifyRequest): void;
  /** Records the end of a session by its owner or by the identity provider. */
  abstract signedOut(session: SessionClaims, request: FastifyRequest): void;
}
