import { describe, expect, test } from 'vitest';
import { entraTenant } from '../../src/auth/oidc/entra-issuer.ts';
import { identityOfClaims } from '../../src/auth/bearer/identity-of-claims.ts';
import { personOfClaims } from '../../src/auth/oidc/person-of-claims.ts';

const tid = '11111111-2222-4333-8444-555555555555';
const settings = { oidcReaderPermissions: [], oidcWriterPermissions: [], oidcAdminPermissions: [] };
const claims = { sub: 'pairwise', tid, oid: 'AAAAAAAA-4444-4444-8444-444444444444' };

function ids(issuer: string, of: Readonly<Record<string, unknown>>): (string | null)[] {
  return [
    () => personOfClaims(settings, of, issuer).principalId,
    () => identityOfClaims(of, issuer, entraTenant(issuer)).id,
  ].map((id) => {
    try {
      return id();
    } catch {
      return null;
    }
  });
}

describe('a person', () => {
  test.each([
    ['https://id.example.org', 'https://id.example.org#pairwise'],
    [`https://login.microsoftonline.com/${tid}/v2.0`, `entra:${tid}:${claims.oid.toLowerCase()}`],
    [
      `https://login.microsoftonline.com/${tid.toUpperCase()}/v2.0`,
      `entra:${tid}:${claims.oid.toLowerCase()}`,
    ],
    [`https://sts.windows.net/${tid}/`, `entra:${tid}:${claims.oid.toLowerCase()}`],
    [
      `https://login.microsoftonline.com/${'-'.repeat(36)}/v2.0`,
      `https://login.microsoftonline.com/${'-'.repeat(36)}/v2.0#pairwise`,
    ],
  ])('of the issuer %s has the same id in a session and with a token', (issuer, id) => {
    expect(ids(issuer, claims)).toEqual([id, id]);
  });

  test.each([
    ['of another tenant', { ...claims, tid: 'ffffffff-2222-4333-8444-555555555555' }],
    ['without a tenant', { ...claims, tid: undefined }],
    ['without an object', { ...claims, oid: undefined }],
    ['with a line break in the object', { ...claims, oid: 'a\nb' }],
  ])('%s is refused in a session and with a token', (_, refused) => {
    expect(ids(`https://login.microsoftonline.com/${tid}/v2.0`, refused)).toEqual([null, null]);
  });
});
