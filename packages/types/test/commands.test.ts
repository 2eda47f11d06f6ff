import type { TObject } from 'typebox';
import { describe, expect, test } from 'vitest';
import {
  commandNames,
  commandOfOperation,
  commandOperation,
  commands,
  isActionAllowed,
  isCommandAllowed,
  permissions,
  roles,
  vmActionNames,
  vmActionOf,
  vmActions,
  vmCommandNames,
  vmStates,
  type CommandName,
  type CommandTable,
} from '../src/index.ts';

const row = {
  title: 'Do',
  label: 'Do',
  permission: 'host',
  danger: 'none',
  subject: 'host',
  plan: { operation: 'vm.start' },
} as const;

function propertiesOf(name: CommandName): object {
  return (commandOperation(name).request as TObject).properties;
}

describe('the table of commands', () => {
  test.each(commandNames)('%s has words for its job and its button', (name) => {
    const { title, label } = commands[name];
    for (const words of [title, label]) expect(words).toMatch(/^[A-Z][A-Za-z ]*[A-Za-z]$/);
  });

  test('a command about a VM takes its id, and creation takes none', () => {
    const takesVm = commandNames.filter((name) => 'vmId' in propertiesOf(name));
    expect(takesVm).toEqual(vmCommandNames);
    expect(vmCommandNames).not.toContain('vm.create');
  });

  test('every power action is a command with its operation and its states', () => {
    for (const action of vmActionNames) {
      const { op, allowedStates } = vmActions[action];
      expect(commands[op]).toMatchObject({ permission: 'power', allowedStates, plan: { operation: op } });
      expect(vmActionOf(op)).toBe(action);
    }
    expect(vmActionOf('vm.delete')).toBeNull();
  });

  test('a row with an unknown operation or permission, or another subject than its name says, does not compile', () => {
    const right: CommandTable = { 'host.maintain': row };
    // @ts-expect-error There is no such operation.
    const operation: CommandTable = { 'host.maintain': { ...row, plan: { operation: 'host.none' } } };
    // @ts-expect-error There is no such permission.
    const permission: CommandTable = { 'host.maintain': { ...row, permission: 'vm.power' } };
    // @ts-expect-error It is about a host.
    const subject: CommandTable = { 'host.maintain': { ...row, subject: 'vm' } };
    expect([right, operation, permission, subject]).toHaveLength(4);
  });
});

describe('the command of an operation', () => {
  test.each(commandNames)('%s is found by the operation that carries it out', (name) => {
    expect(commandOfOperation(commands[name].plan.operation)).toBe(name);
  });

  test('is null for an operation that no command asks for', () => {
    expect(commandOfOperation('operation.cancel')).toBeNull();
    expect(commandOfOperation('of another version')).toBeNull();
  });
});

describe('a VM', () => {
  test('accepts the same power actions as Hyper-V, also when it is critical', () => {
    for (const state of vmStates) {
      for (const critical of [false, true]) {
        for (const action of vmActionNames) {
          const vm = { state, critical };
          expect(isCommandAllowed(vmActions[action].op, vm)).toBe(isActionAllowed(action, vm));
        }
      }
    }
  });

  test('accepts being deleted only while it is off or saved', () => {
    const allowed = vmStates.filter((state) => isCommandAllowed('vm.delete', { state, critical: false }));
    expect(allowed).toEqual(['Off', 'Saved']);
  });
});

describe('roles', () => {
  test('each has the permissions of the one below it, and an admin has all', () => {
    expect(roles.writer).toEqual(expect.arrayContaining([...roles.reader]));
    expect(roles.admin).toEqual(permissions);
  });

  test('only an admin may manage hosts and settings, read the audit log and diagnose', () => {
    const writer: readonly string[] = roles.writer;
    expect(permissions.filter((permission) => !writer.includes(permission))).toEqual([
      'host',
      'audit',
      'diagnostics',
      'settings',
    ]);
  });
});
