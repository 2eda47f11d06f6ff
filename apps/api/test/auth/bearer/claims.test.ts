import { describe, expect, test } from 'vitest';
import { assertAccessToken } from '../../../src/auth/bearer/access-token-claims.ts';
import { entraTenant } from '../../../src/auth/oidc/entra-issuer.ts';
import { identityOfClaims } from '../../../src/auth/bearer/identity-of-claims.ts';
import { TokenError } from '../../../src/auth/bearer/token-error.ts';
import { entraIssuer, tenantId } from '../../support/token-forge.ts';

describe('assertAccessToken', () => {
  test.each([
    ['a scope of Entra ID', { scp: 'Aether.Reader' }, 'jwt'],
    ['a scope of RFC 9068', { scope: 'Aether.Reader' }, 'jwt'],
    ['a program without roles (idtyp)', { idtyp: 'app', azp: 'program' }, 'jwt'],
    ['the roles of a program, version 1', { roles: ['Aether.Reader'], appid: 'program' }, 'jwt'],
    ['the roles of a program, version 2', { roles: ['Aether.Reader'], azp: 'program' }, 'jwt'],
    ['a client of RFC 9068 without a scope', { client_id: 'backup' }, 'at+jwt'],
  ])('accepts %s', (_, claims, type) => {
    expect(() => assertAccessToken(claims, type)).not.toThrow();
  });

  test.each([
    ['no claims', {}, 'jwt'],
    ['no claims, with the type of RFC 9068', {}, 'at+jwt'],
    ['roles of a person', { roles: ['Aether.Admin'], name: 'Operator' }, 'jwt'],
    ['an empty list of roles', { roles: [], azp: 'program' }, 'jwt'],
    ['a client without the type of RFC 9068', { client_id: 'backup' }, 'jwt'],
    ['idtyp of a person', { idtyp: 'user', azp: 'program' }, 'jwt'],
    ['a nonce', { nonce: 'n', scp: 'Aether.Reader' }, 'jwt'],
    ['a nonce that is null', { nonce: null, scp: 'Aether.Reader' }, 'at+jwt'],
    ['at_hash', { at_hash: 'h', scope: 'Aether.Reader' }, 'at+jwt'],
    ['c_hash', { c_hash: 'h', idtyp: 'app' }, 'jwt'],
  ])('refuses %s', (_, claims, type) => {
    expect(() => assertAccessToken(claims, type)).toThrow(TokenError);
  });
});

describe('identityOfClaims', () => {
  const issuer = 'https://idp.example.org';
  const tenant = entraTenant(entraIssuer);
  const oid = 'AAAAAAAA-4444-4444-8444-444444444444';

  test('is issuer and subject, whatever the name and the e-mail address are', () => {
    const claims = { sub: 'u-1', name: 'Operator', email: 'operator@example.org' };
    expect(identityOfClaims(claims, issuer, null)).toEqual({ id: `${issuer}#u-1`, name: 'Operator' });
  });

  test('is tenant and object of Entra ID, in lower case', () => {
    const claims = { sub: 'pairwise', tid: tenantId, oid, preferred_username: 'operator@example.org' };
    expect(identityOfClaims(claims, entraIssuer, tenant)).toEqual({
      id: `entra:${tenantId}:${oid.toLowerCase()}`,
      name: 'operator@example.org',
    });
  });

  test.each([
    ['a program', { client_id: 'backup' }, 'backup'],
    ['a program of Entra ID', { azp: 'a-1', app_displayname: 'Backup' }, 'Backup'],
    ['a name with control characters', { name: 'Op\r\n\u202eer\u0000ator ' }, 'Operator'],
    ['a name that is not text', { name: ['Operator'], upn: 'op@example.org' }, 'op@example.org'],
    ['a name of spaces', { name: '   ' }, `${issuer}#u-1`],
    ['no name', {}, `${issuer}#u-1`],
    ['a long name', { name: 'x'.repeat(500) }, 'x'.repeat(128)],
  ])('has a name for people: %s', (_, claims, name) => {
    expect(identityOfClaims({ sub: 'u-1', ...claims }, issuer, null).name).toBe(name);
  });

  test.each([[undefined], [''], [1], [['u-1']], ['u 1'], ['u\n1'], ['ü'], ['x'.repeat(256)]])(
    'refuses the subject %j',
    (sub) => {
      expect(() => identityOfClaims({ sub }, issuer, null)).toThrow(TokenError);
    },
  );

  test.each([
    [{ tid: tenantId }],
    [{ oid }],
    [{ tid: '99999999-9999-4999-8999-999999999999', oid }],
    [{ tid: [tenantId], oid }],
  ])('refuses claims of Entra ID without tenant and object: %j', (claims) => {
    expect(() => identityOfClaims({ sub: 's', ...claims }, entraIssuer, tenant)).toThrow(TokenError);
  });
});
