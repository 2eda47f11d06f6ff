import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { localAdministrator, type Principal } from './principal.ts';

/** Resolves the principal of a request. An abstract class, so that it serves as its own injection token. */
export abstract class PrincipalResolver {
  /**
   * @returns Null if the request contains no credentials.
   * @throws ProblemError if its credentials are invalid.
   */
  abstract resolve(request: FastifyRequest): Promise<Principal | null>;
}

/** The resolver while the service has no login: every caller of the loopback address is the local administrator. */
@Injectable()
export class EveryoneIsLocalAdministrator extends PrincipalResolver {
  override resolve(): Promise<Principal> {
    return Promise.resolve(localAdministrator);
  }
}
