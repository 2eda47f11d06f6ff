import type { FastifyRequest } from 'fastify';
import type { Session } from './session.ts';

/** Records who has signed in. An abstract class, so that it serves as its own injection token. */
export abstract class SignInRecorder {
  abstract signedIn(session: Session, request: FastifyRequest): void;
}
