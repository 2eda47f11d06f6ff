import type { Provider } from '@nestjs/common';
import { configToken, type Config } from '../config/settings.ts';
import { authenticatorsToken, type Authenticator } from './authenticator.ts';
import { BearerAuthenticator } from './bearer/bearer-authenticator.ts';
import { bearerProviders } from './bearer/bearer.providers.ts';
import { CredentialEnds } from './credential-ends.ts';
import { LocalAdministratorAuthenticator } from './local-administrator.ts';
import { peopleExports, peopleProviders } from './people.providers.ts';
import { AuthenticatorChain, PrincipalResolver } from './principal-resolver.ts';
import { SessionAuthenticator } from './sessions/session-authenticator.ts';
import { SessionService } from './sessions/session.service.ts';

/** In the order in which they are asked: keys, tokens, sessions, then the caller on this machine. */
function makeAuthenticators(
  config: Config,
  bearer: BearerAuthenticator,
  sessions: SessionService,
): readonly Authenticator[] {
  return [
    bearer,
    ...(sessions.hasSources ? [new SessionAuthenticator(sessions)] : []),
    new LocalAdministratorAuthenticator(config),
  ];
}

/** The providers of authentication. Part of the fleet's module, so that tests replace them like its other providers. */
export const authProviders: readonly Provider[] = [
  CredentialEnds,
  ...bearerProviders,
  ...peopleProviders,
  {
    provide: authenticatorsToken,
    inject: [configToken, BearerAuthenticator, SessionService],
    useFactory: makeAuthenticators,
  },
  { provide: PrincipalResolver, useClass: AuthenticatorChain },
];

/** The tokens of `authProviders` that other modules use. */
export const authExports = [CredentialEnds, PrincipalResolver, ...peopleExports];
