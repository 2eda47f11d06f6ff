import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupOverage, rolesOfClaims } from '../../../src/auth/oidc/roles-of-claims.ts';

const settings = {
  oidcReaderPermissions: ['Aether.Reader', 'b1e7c5a0-0000-4000-8000-000000000001'],
  oidcWriterPermissions: ['Aether.Writer'],
  oidcAdminPermissions: ['Aether.Admin', 'Domain Admins'],
};

describe('rolesOfClaims', () => {
  test.each([
    ['a scope of scp', { scp: 'User.Read Aether.Writer' }, ['writer']],
    ['scopes of a list in scp', { scp: ['Aether.Reader', 'Aether.Admin'] }, ['reader', 'admin']],
    ['a scope of scope', { scope: 'openid Aether.Reader' }, ['reader']],
    ['an app role', { roles: ['Aether.Admin'] }, ['admin']],
    ['a single app role as text', { roles: 'Aether.Writer' }, ['writer']],
    ['a group id', { groups: ['b1e7c5a0-0000-4000-8000-000000000001'] }, ['reader']],
    ['a group name with a space', { groups: ['Domain Admins'] }, ['admin']],
    ['a scope and a group', { scp: 'Aether.Reader', groups: ['Domain Admins'] }, ['reader', 'admin']],
    ['a different case', { scp: 'aether.admin', roles: ['AETHER.ADMIN'] }, []],
    ['part of a name', { scp: 'Aether.AdminX Aether' }, []],
    ['an app role that contains two names', { roles: ['Aether.Reader Aether.Admin'] }, []],
    ['a group that contains a name', { groups: ['x Aether.Admin'] }, []],
    ['a nested list', { roles: [['Aether.Admin']] }, []],
    ['an object', { roles: { 0: 'Aether.Admin' } }, []],
    ['a name in another claim', { name: 'Aether.Admin', wids: ['Aether.Admin'] }, []],
    ['no claims', {}, []],
  ])('grants by exact name: %s', (_, claims, roles) => {
    expect(rolesOfClaims(settings, claims)).toEqual(roles);
  });

  test('grants nothing for claims of any shape that lack the configured names', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('scp', 'scope', 'roles', 'groups'), fc.jsonValue()),
        (claims) => {
          fc.pre(!/Aether\.|Domain Admins|b1e7c5a0/.test(JSON.stringify(claims)));
          expect(rolesOfClaims(settings, claims)).toEqual([]);
        },
      ),
    );
  });
});

describe('groupOverage', () => {
  test.each([
    ['_claim_names that names groups', { _claim_names: { groups: 'src1' } }],
    ['hasgroups', { hasgroups: true }],
    ['hasgroups as text', { hasgroups: 'true' }],
  ])('explains that groups are left out: %s', (_, claims) => {
    expect(groupOverage(claims)).toMatch(/omitted the groups/);
  });

  test.each([
    ['groups are present', { groups: [], hasgroups: true }],
    ['another claim is distributed', { _claim_names: { address: 'src1' } }],
    ['_claim_names is not an object', { _claim_names: 'groups' }],
    ['no claims', {}],
  ])('is silent when %s', (_, claims) => {
    expect(groupOverage(claims)).toBeNull();
  });
});
