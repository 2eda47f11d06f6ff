import type { Provider } from '@nestjs/common';
import { clockToken } from '../common/clock.token.ts';
import type { Clock } from '../common/clock.ts';
import { configToken, type Config } from '../config/settings.ts';
import { AccountPeople } from './accounts/account-people.ts';
import { CredentialEnds } from './credential-ends.ts';
import { OidcPeople } from './oidc/oidc-people.ts';
import { OidcSetup } from './oidc/oidc-setup.ts';
import { SessionService } from './sessions/session.service.ts';
import { sessionSourcesToken, type SessionSource } from './sessions/session-source.ts';
import { signOutToken } from './sessions/sign-out.ts';

/** The ways in which people sign in. */
function makeSessionSources(oidc: OidcSetup, accounts: AccountPeople): readonly SessionSource[] {
  return [oidc.source, accounts.source].filter((source) => source !== null);
}

/** The providers of the sign-in of people. */
export const peopleProviders: readonly Provider[] = [
  {
    provide: OidcSetup,
    inject: [configToken, clockToken],
    useFactory: (config: Config, clock: Clock) => new OidcSetup(config, clock),
  },
  {
    provide: AccountPeople,
    inject: [configToken, clockToken],
    useFactory: (config: Config, clock: Clock) => new AccountPeople(config, clock),
  },
  { provide: sessionSourcesToken, inject: [OidcSetup, AccountPeople], useFactory: makeSessionSources },
  {
    provide: SessionService,
    inject: [configToken, clockToken, CredentialEnds, sessionSourcesToken],
    useFactory: (config: Config, clock: Clock, ends: CredentialEnds, sources: readonly SessionSource[]) =>
      new SessionService({ config, clock, ends, sources }),
  },
  {
    provide: OidcPeople,
    inject: [OidcSetup, SessionService],
    useFactory: (setup: OidcSetup, sessions: SessionService) => new OidcPeople(setup, sessions),
  },
  { provide: signOutToken, useExisting: OidcPeople },
];

/** The tokens of `peopleProviders` that other modules use. */
export const peopleExports = [AccountPeople, SessionService, OidcPeople, signOutToken];
