import { describe, expect, test } from 'vitest';
import { generatePassword, passwordProblem } from '../../../src/auth/accounts/password-rules.ts';

describe('passwordProblem', () => {
  test.each([
    ['', /at least 12/],
    ['elevenchars', /at least 12/],
    ['x'.repeat(1025), /at most 1024/],
    ['anna-is-the-administrator', /user name/],
    ['ANNA lives in Bern', /user name/],
    ['Password1234', /common word/],
    ['qwertyqwerty1', /common word/],
    ['aaaaaaaaaaaaaaa', /few different/],
    ['abababababababab', /few different/],
    ['abcdefghijklmnop', /sequence/],
    ['123456789012', /sequence/],
  ])('refuses %j', (password, reason) => {
    expect(passwordProblem(password, 'anna')).toMatch(reason);
  });

  test.each(['correct horse battery', 'Tr0ub4dor&3x', 'пароль из слов', '漢字のパスワードを使います'])(
    'accepts %j',
    (password) => expect(passwordProblem(password, 'anna')).toBeNull(),
  );

  test('does not compare with a user name that is too short to matter', () => {
    expect(passwordProblem('correct horse battery', 'c')).toBeNull();
  });
});

test('a generated password is accepted and differs from the one before', () => {
  const passwords = Array.from({ length: 100 }, generatePassword);
  expect(new Set(passwords).size).toBe(100);
  expect(passwords.filter((password) => passwordProblem(password, 'admin') !== null)).toEqual([]);
  expect(passwords.every((password) => /^[a-z2-9_-]{24}$/.test(password))).toBe(true);
});
