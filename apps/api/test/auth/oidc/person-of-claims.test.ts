import { describe, expect, test } from 'vitest';
import { keptText, personOfClaims } from '../../../src/auth/oidc/person-of-claims.ts';
import { ClaimsError } from '../../../src/auth/oidc/principal-id.ts';
import { rolesOfGrants } from '../../../src/auth/oidc/roles-of-grants.ts';

const issuer = 'https://id.example.org';
const tenantId = '11111111-2222-3333-4444-555555555555';
const entra = `https://login.microsoftonline.com/${tenantId}/v2.0`;
const settings = {
  oidcReaderPermissions: ['Aether.Reader', 'Readers of VMs'],
  oidcWriterPermissions: ['Aether.Writer'],
  oidcAdminPermissions: ['Aether.Admin'],
};

describe('the person of ID token claims', () => {
  test('is identified by issuer and subject', () => {
    expect(personOfClaims(settings, { sub: 'ann', email: 'a@example.org' }, issuer)).toMatchObject({
      principalId: `${issuer}#ann`,
      name: 'a@example.org',
      subject: 'ann',
      providerSession: null,
      grants: [],
      groupsOmitted: false,
    });
  });

  test('is identified by tenant and object at Entra ID, whose subject differs per application', () => {
    const person = personOfClaims(
      settings,
      { sub: 'pairwise', tid: tenantId, oid: tenantId.toUpperCase() },
      entra,
    );
    expect(person.principalId).toBe(`entra:${tenantId}:${tenantId}`);
  });

  test.each([
    ['without a subject', issuer, {}],
    ['with a subject that is not text', issuer, { sub: 7 }],
    ['with a subject that is too long', issuer, { sub: 's'.repeat(256) }],
    ['with a subject that has a line break', issuer, { sub: 'a\nb' }],
    ['of Entra ID without an object id', entra, { sub: 'ann', tid: tenantId }],
  ])('is refused %s', (_, from, claims) => {
    expect(() => personOfClaims(settings, claims, from)).toThrow(ClaimsError);
  });

  test('has a name without control and formatting characters, of at most 64 characters', () => {
    const { name } = personOfClaims(settings, { sub: 'a', name: `\u202EAnn\n${'x'.repeat(100)}` }, issuer);
    expect(name).toBe(`Ann${'x'.repeat(61)}`);
  });

  test('keeps only roles and groups that the settings name, one for each role', () => {
    const claims = { sub: 'a', roles: ['Other', 'Aether.Admin'], groups: ['Readers of VMs', 'g1', 'g2'] };
    const { grants } = personOfClaims(settings, claims, issuer);
    expect(grants).toEqual(['Readers of VMs', 'Aether.Admin']);
    expect(rolesOfGrants(settings, grants)).toEqual(['reader', 'admin']);
  });

  test('keeps long names as hashes that still give their role', () => {
    const long = 'CN=Administrators of Hyper-V,OU=Groups,DC=example,DC=org,OU=Site one';
    const named = { ...settings, oidcAdminPermissions: [long] };
    const { grants } = personOfClaims(named, { sub: 'a', groups: long }, issuer);
    expect(grants).toEqual([keptText(long)]);
    expect(grants[0]?.length).toBeLessThan(64);
    expect(rolesOfGrants(named, grants)).toEqual(['admin']);
    expect(rolesOfGrants(settings, grants)).toEqual([]);
  });

  test('reports groups that Entra ID left out', () => {
    const claims = { sub: 'a', tid: tenantId, oid: tenantId, _claim_names: { groups: 'src1' } };
    expect(personOfClaims(settings, claims, entra).groupsOmitted).toBe(true);
  });
});
