import type { Provider } from '@nestjs/common';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { configToken, type Config } from '../config/settings.ts';
import { authenticatorsToken, type Authenticator } from './authenticator.ts';
import { BearerAuthenticator } from './bearer/bearer-authenticator.ts';
import { bearerProviders } from './bearer/bearer.providers.ts';
import { CredentialEnds } from './credential-ends.ts';
import { ApiKeys } from './keys/api-keys.ts';
import { KeyAuthenticator } from './keys/key-authenticator.ts';
import { makeApiKeys } from './keys/make-api-keys.ts';
import { LocalAdministratorAuthenticator } from './local-administrator.ts';
import { peopleExports, peopleProviders } from './people.providers.ts';
import { AuthenticatorChain, PrincipalResolver } from './principal-resolver.ts';
import { SessionAuthenticator } from './sessions/session-authenticator.ts';
import { SessionService } from './sessions/session.service.ts';

/** Returns the authenticators in the order in which they are asked: keys, tokens, sessions, local administrator. */
function makeAuthenticators(
  config: Config,
  key: KeyAuthenticator,
  bearer: BearerAuthenticator,
  sessions: SessionService,
): readonly Authenticator[] {
  return [
    key,
    bearer,
    ...(sessions.hasSources ? [new SessionAuthenticator(sessions)] : []),
    new LocalAdministratorAuthenticator(config),
  ];
}

/** The providers of authentication. They belong to the fleet's module, so that tests can replace them. */
export const authProviders: readonly Provider[] = [
  CredentialEnds,
  { provide: ApiKeys, inject: [configToken, clockToken, CredentialEnds], useFactory: makeApiKeys },
  {
    provide: KeyAuthenticator,
    inject: [ApiKeys, clockToken],
    useFactory: (keys: ApiKeys, clock: Clock) => new KeyAuthenticator(keys, clock),
  },
  ...bearerProviders,
  ...peopleProviders,
  {
    provide: authenticatorsToken,
    inject: [configToken, KeyAuthenticator, BearerAuthenticator, SessionService],
    useFactory: makeAuthenticators,
  },
  { provide: PrincipalResolver, useClass: AuthenticatorChain },
];

/** The tokens of `authProviders` that other modules use. */
export const authExports = [CredentialEnds, PrincipalResolver, ...peopleExports];
