import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AccessTokens } from '../../../src/auth/bearer/access-tokens.ts';
import { entraAudiences, entraTenant } from '../../../src/auth/oidc/entra-issuer.ts';
import { WorkerVerifier } from '../../../src/auth/bearer/passport-azure-ad/worker-verifier.ts';
import { TokenError } from '../../../src/auth/bearer/token-error.ts';
import {
  clockTolerance,
  type AdditionalVerifier,
  type TokenRules,
} from '../../../src/auth/bearer/token-rules.ts';
import { publicKeyAlgorithms } from '../../../src/auth/bearer/verify-token.ts';
import { systemClock } from '../../../src/common/clock.ts';
import { hostileEntraTokens, hostileTokens } from '../../support/hostile-tokens.ts';
import {
  applicationId,
  entraIssuer,
  entraToken,
  forge,
  genericAudience,
  genericIssuer,
  genericToken,
  signed,
  type Forge,
} from '../../support/token-forge.ts';

const roles = {
  oidcReaderPermissions: ['Aether.Reader'],
  oidcWriterPermissions: ['Aether.Writer'],
  oidcAdminPermissions: ['Aether.Admin'],
};
const tenant = entraTenant(entraIssuer);
if (tenant === null) throw new Error('not an issuer of Entra ID');
const entraRules: TokenRules = {
  issuers: tenant.issuers,
  audiences: entraAudiences(applicationId),
  algorithms: ['RS256'],
  types: ['jwt'],
};
const genericRules: TokenRules = {
  issuers: [genericIssuer],
  audiences: [genericAudience],
  algorithms: publicKeyAlgorithms,
  types: ['at+jwt'],
};
const entra = forge(entraToken);
const generic = forge(genericToken);

let worker: WorkerVerifier;

beforeAll(() => {
  worker = new WorkerVerifier(
    { tenantId: tenant.tenantId, issuers: tenant.issuers, audiences: entraRules.audiences, clockTolerance },
    systemClock,
  );
});

afterAll(() => worker.close());

function tokensOf({ keys }: Forge, rules: TokenRules, additional: AdditionalVerifier | null): AccessTokens {
  return new AccessTokens({
    keys: { current: () => Promise.resolve(keys) },
    rules,
    roles,
    clock: systemClock,
    tenant: rules === entraRules ? tenant : null,
    additional,
  });
}

const all = [...Object.entries(hostileTokens), ...Object.entries(hostileEntraTokens)];

describe('a good token', () => {
  test('is accepted by jose, by passport-azure-ad and by both', async () => {
    const { header, claims } = entra.good();
    const token = signed(header, claims, entra.own);
    await expect(worker.assertAcceptable(token, entra.keys)).resolves.toBeUndefined();
    for (const additional of [null, worker]) {
      const { principal } = await tokensOf(entra, entraRules, additional).authenticate(token);
      expect(principal.id).toBe(`entra:${tenant.tenantId}:44444444-4444-4444-8444-444444444444`);
    }
  });

  test('a token that only passport-azure-ad refuses is refused', async () => {
    // The library looks for the key by its fingerprint first, jose by its id only.
    const { header, claims } = entra.good({}, { x5t: 'unknown' });
    const token = signed(header, claims, entra.own);
    await expect(tokensOf(entra, entraRules, null).authenticate(token)).resolves.toBeDefined();
    await expect(tokensOf(entra, entraRules, worker).authenticate(token)).rejects.toThrow(
      /passport-azure-ad/,
    );
  });

  test('of another provider is accepted by jose', async () => {
    const { header, claims } = generic.good();
    const token = signed(header, claims, generic.own);
    const { principal } = await tokensOf(generic, genericRules, null).authenticate(token);
    expect(principal).toMatchObject({ id: `${genericIssuer}#backup`, name: 'backup' });
    expect([...principal.permissions]).toEqual(['view']);
  });
});

describe('a hostile token', () => {
  test.each(Object.entries(hostileTokens))(
    'of a provider that follows RFC 9068 is refused: %s',
    async (_, { make }) => {
      await expect(tokensOf(generic, genericRules, null).authenticate(make(generic))).rejects.toThrow(
        TokenError,
      );
    },
  );

  test.each(all)('of Entra ID is refused by jose: %s', async (_, { make }) => {
    await expect(tokensOf(entra, entraRules, null).authenticate(make(entra))).rejects.toThrow(TokenError);
  });

  test.each(all)('of Entra ID gets the known verdict of passport-azure-ad: %s', async (_, hostile) => {
    const verdict = worker.assertAcceptable(hostile.make(entra), entra.keys);
    if (hostile.passportAccepts === true) await expect(verdict).resolves.toBeUndefined();
    else await expect(verdict).rejects.toThrow(TokenError);
  });

  test.each(all)('of Entra ID is refused by both together: %s', async (_, { make }) => {
    await expect(tokensOf(entra, entraRules, worker).authenticate(make(entra))).rejects.toThrow(TokenError);
  });
});
