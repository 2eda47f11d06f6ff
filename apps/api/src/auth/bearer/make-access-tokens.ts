import type { Clock } from '../../common/clock.ts';
import type { Config } from '../../config/settings.ts';
import { ProviderFetch } from '../oidc/provider-fetch.ts';
import { AccessTokens } from './access-tokens.ts';
import { entraAudiences, entraTenant, type EntraTenant } from '../oidc/entra-issuer.ts';
import { WorkerVerifier } from './passport-azure-ad/worker-verifier.ts';
import { ProviderKeys } from './provider-keys.ts';
import { clockTolerance, type AdditionalVerifier, type TokenRules } from './token-rules.ts';
import { publicKeyAlgorithms } from './verify-token.ts';

/** The verification of access tokens as configured, with its background work. */
export interface ConfiguredTokens {
  readonly tokens: AccessTokens;
  /** Fetches the keys of the provider, and keeps them current. */
  start(): void;
  close(): Promise<void>;
}

/** Returns the verification of access tokens; null if the configuration accepts none. */
export function makeAccessTokens(config: Config, clock: Clock): ConfiguredTokens | null {
  const { authEnabled, oidcIssuerUrl, oidcApiAudience, entraVerifier } = config;
  if (authEnabled === false || oidcIssuerUrl === null || oidcApiAudience === null) return null;
  const tenant = entraTenant(oidcIssuerUrl);
  const rules = tokenRules(config, oidcIssuerUrl, oidcApiAudience, tenant);
  const additional =
    tenant !== null && entraVerifier === 'both' ? passportAzureAd(tenant, rules, clock) : null;
  const provider = new ProviderFetch({ caCertificates: config.oidcCaCertificates });
  const keys = new ProviderKeys(provider, clock, [oidcIssuerUrl, ...rules.issuers]);
  return {
    tokens: new AccessTokens({ keys, rules, roles: config, clock, tenant, additional }),
    start: () => keys.start(),
    async close() {
      keys.stop();
      await Promise.all([additional?.close(), provider.close()]);
    },
  };
}

function tokenRules(
  { oidcTokenType }: Config,
  issuer: string,
  audience: string,
  tenant: EntraTenant | null,
): TokenRules {
  const types = oidcTokenType.map((type) => type.toLowerCase().replace(/^application\//, ''));
  if (tenant === null) {
    return { issuers: [issuer], audiences: [audience], algorithms: publicKeyAlgorithms, types };
  }
  // Entra ID signs with RS256 only, and its access tokens have the type JWT.
  return {
    issuers: tenant.issuers,
    audiences: entraAudiences(audience),
    algorithms: ['RS256'],
    types: ['jwt'],
  };
}

function passportAzureAd(
  { tenantId }: EntraTenant,
  { issuers, audiences }: TokenRules,
  clock: Clock,
): AdditionalVerifier {
  return new WorkerVerifier({ tenantId, issuers, audiences, clockTolerance }, clock);
}
