import { permissions, roles, type Permission } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import { decide, type DecisionObject } from '../../src/auth/decide.ts';
import { permissionsOfRoles, type Principal } from '../../src/auth/principal.ts';

const principal = (held: readonly Permission[]): Principal => ({
  id: 'p',
  name: 'P',
  permissions: new Set(held),
});
const vm: DecisionObject = { kind: 'vm', row: { id: 'a' } };
const missing: DecisionObject = { kind: 'vm', row: undefined };
const adminJob: DecisionObject = { kind: 'job', row: { id: 'j', command: 'host.test' } };

describe('decide', () => {
  test.each<[string, readonly Permission[], Permission, DecisionObject | undefined, string]>([
    ['a held permission without an object', ['view'], 'view', undefined, 'allowed'],
    ['a missing permission without an object', ['view'], 'power', undefined, 'forbidden'],
    ['a held permission for a visible object', ['view', 'power'], 'power', vm, 'allowed'],
    ['a missing permission for a visible object', ['view'], 'power', vm, 'forbidden'],
    ['a held permission for a missing object', ['view', 'power'], 'power', missing, 'hidden'],
    ['a missing permission for a missing object', ['view'], 'power', missing, 'hidden'],
    ['a job of a command that only admins may run, for a reader', ['view'], 'view', adminJob, 'hidden'],
    ['the same job for an admin', [...roles.admin], 'view', adminJob, 'allowed'],
    ['a permission without view', ['power'], 'view', vm, 'forbidden'],
    ['no permission at all', [], 'view', vm, 'forbidden'],
  ])('%s', (_, held, permission, object, decision) => {
    expect(decide(principal(held), permission, object)).toBe(decision);
  });

  test('makes the same decision for a missing object as for an invisible one, for every permission', () => {
    const reader = principal(roles.reader);
    for (const permission of permissions) {
      expect(decide(reader, permission, adminJob)).toBe(
        decide(reader, permission, { kind: 'job', row: undefined }),
      );
    }
  });
});

describe('permissionsOfRoles', () => {
  test('no role grants nothing, and several grant the permissions of each', () => {
    expect(permissionsOfRoles([]).size).toBe(0);
    expect([...permissionsOfRoles(['reader', 'admin'])].sort()).toEqual([...permissions].sort());
  });
});
