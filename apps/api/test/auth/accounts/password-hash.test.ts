import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hashPassword, isPasswordHash, matchesPassword } from '../../../src/auth/accounts/password-hash.ts';

describe('a password hash', () => {
  test('a password hash matches only its password, and contains the algorithm and cost', async () => {
    const hash = await hashPassword('correct horse battery');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(isPasswordHash(hash)).toBe(true);
    expect(await matchesPassword('correct horse battery', hash)).toBe(true);
    expect(await matchesPassword('correct horse batterY', hash)).toBe(false);
    expect(await matchesPassword('', hash)).toBe(false);
  });

  test('differs for the same password', async () => {
    expect(await hashPassword('same password')).not.toBe(await hashPassword('same password'));
  });

  test('does not depend on the way in which a keyboard writes a letter', async () => {
    const hash = await hashPassword('Zürich und Genf'.normalize('NFD'));
    expect(await matchesPassword('Zürich und Genf'.normalize('NFC'), hash)).toBe(true);
  });

  test.each([
    ['an empty text', ''],
    ['a password in clear text', 'correct horse battery'],
    [
      'another algorithm',
      '$argon2i$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    ],
    [
      'a cost that exhausts memory',
      '$argon2id$v=19$m=9999999,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    ],
    [
      'no passes',
      '$argon2id$v=19$m=19456,t=0,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    ],
    ['a short hash', '$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAA'],
  ])('is not %s', async (_, text) => {
    expect(isPasswordHash(text)).toBe(false);
    await expect(matchesPassword('x', text)).rejects.toThrow('not a password hash');
  });

  test('parsing accepts or refuses any text without an exception', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof isPasswordHash(`$argon2id$${text}`) === 'boolean'));
  });
});
