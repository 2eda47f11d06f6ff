import type { Provider } from '@nestjs/common';
import { configToken, type Config } from '../config/settings.ts';
import { authenticatorsToken, type Authenticator } from './authenticator.ts';
import { CredentialEnds } from './credential-ends.ts';
import { LocalAdministratorAuthenticator } from './local-administrator.ts';
import { AuthenticatorChain, PrincipalResolver } from './principal-resolver.ts';

/** In the order in which they are asked: keys, tokens, sessions, then the caller on this machine. */
function makeAuthenticators(config: Config): readonly Authenticator[] {
  return [new LocalAdministratorAuthenticator(config)];
}

/** The providers of authentication. Part of the fleet's module, so that tests replace them like its other providers. */
export const authProviders: readonly Provider[] = [
  CredentialEnds,
  { provide: authenticatorsToken, inject: [configToken], useFactory: makeAuthenticators },
  { provide: PrincipalResolver, useClass: AuthenticatorChain },
];

/** The tokens of `authProviders` that other modules use. */
export const authExports = [CredentialEnds, PrincipalResolver];
