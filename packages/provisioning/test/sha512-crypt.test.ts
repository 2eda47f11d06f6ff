import fc from 'fast-check';
import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { documentProblems, sha512Crypt } from '../src/index.ts';

const seed = Number(process.env['AETHER_SEED'] ?? 1);
const sample = { seed, numRuns: process.env['AETHER_LONG'] === '1' ? 2_000 : 40 };
const found = spawnSync('openssl', ['version']).status === 0;
const skip = !found && !(process.env['AETHER_REQUIRE'] ?? '').split(',').includes('openssl');

const saltCharacters = './0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** The vectors of the specification: password, salt, rounds and hash. */
const published: readonly (readonly [string, string, number | undefined, string])[] = [
  [
    'Hello world!',
    'saltstring',
    undefined,
    '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1',
  ],
  [
    'Hello world!',
    'saltstringsaltstring',
    10_000,
    '$6$rounds=10000$saltstringsaltst$OW1/O6BYHV6BcXZu8QVeXbDWra3Oeqh0sbHbbMCVNSnCM/UrjmM0Dp8vOuZeHBy/YTBmSK6H9qs/y3RnOaw5v.',
  ],
  [
    'This is just a test',
    'toolongsaltstring',
    5_000,
    '$6$rounds=5000$toolongsaltstrin$lQ8jolhgVRVhY4b5pZKaysCLi0QBxGoNeKQzQ3glMhwllF7oGDZxUhx1yxdYcz/e1JSbq3y6JMxxl8audkUEm0',
  ],
  [
    'a very much longer text to encrypt.  This one even stretches over morethan one line.',
    'anotherlongsaltstring',
    1_400,
    '$6$rounds=1400$anotherlongsalts$POfYwTEok97VWcjxIiSOjiykti.o/pQs.wPvMxQ6Fm7I6IoYN3CmLs66x9t0oSwbtEW7o7UmJEiDwGqd8p4ur1',
  ],
  [
    'we have a short salt string but not a short password',
    'short',
    77_777,
    '$6$rounds=77777$short$WuQyW2YR.hBNpjjRhpYD/ifIw05xdfeEyQoMxIXbkvr0gge1a1x3yRULJ5CCaUeOxFmtlcGZelFl5CxtgfiAc0',
  ],
  [
    'a short string',
    'asaltof16chars..',
    123_456,
    '$6$rounds=123456$asaltof16chars..$BtCwjqMJGx5hrJhZywWvt0RLE8uZ4oPwcelCjmw2kSYu.Ec6ycULevoBK25fs2xXgMNrCzIMVcgEJAstJeonj1',
  ],
  [
    'the minimum number is still observed',
    'roundstoolow',
    10,
    '$6$rounds=1000$roundstoolow$kUMsbe306n21p9R.FRkW3IGn.S9NPN0x50YhH1xhLsPuWGsUSklZt58jaTfF4ZEQpyUNGc0dqbpBYYBaHHrsX.',
  ],
];

describe('sha512crypt', () => {
  test.each(published)(
    'sha512Crypt hashes the published password %j with the salt %s and rounds of %s',
    (...vector) => {
      const [password, salt, rounds, hash] = vector;
      expect(sha512Crypt(password, salt, rounds)).toBe(hash);
    },
  );

  test.each([
    [
      'the empty password',
      '',
      'a',
      '$6$a$Z6IPkDduHdwavesVY2NFMpOHkigshxPYdhfLg0D3A7/XFQcso9RV2E8qczyJ2su.dj6RRLaTpvgwN1rZfK0I9.',
    ],
    [
      'a password of 511 bytes',
      'x'.repeat(511),
      'salt',
      '$6$salt$gj8yl86N5SjYIMhmh7M8qbvEeRS7fmQ1EDmMXxDMNdK.rSUHbiPAgfdu4ulOxuIj57wBxfItXgCY26iaJlD6C.',
    ],
  ])('sha512Crypt hashes %s as crypt(3) of libxcrypt does', (_, password, salt, hash) => {
    expect(sha512Crypt(password, salt)).toBe(hash);
  });

  test('sha512Crypt makes a new salt of 16 characters for each hash, and a hash that documents accept', () => {
    const hashes = Array.from({ length: 20 }, () => sha512Crypt('s3cret'));
    expect(new Set(hashes).size).toBe(20);
    for (const passwordHash of hashes) {
      expect(passwordHash).toMatch(/^\$6\$[./0-9A-Za-z]{16}\$[./0-9A-Za-z]{86}$/);
      expect(documentProblems({ users: [{ name: 'ops', passwordHash }] })).toEqual([]);
    }
  });

  test.each([
    ['a password with U+0000', 's3cret\0', 'salt', undefined],
    ['a password with a lone surrogate', 's3cret\ud800', 'salt', undefined],
    ['a password of 512 bytes', 's3cret'.padEnd(512, 'ä').slice(0, 259), 'salt', undefined],
    ['an empty salt', 's3cret', '', undefined],
    ['a salt with $', 's3cret', 'a$b', undefined],
    ['a salt with a newline', 's3cret', 'a\n', undefined],
    ['rounds that are not an integer', 's3cret', 'salt', 5000.5],
  ])('sha512Crypt refuses %s and does not quote the password', (_, password, salt, rounds) => {
    expect(() => sha512Crypt(password, salt, rounds)).toThrow(RangeError);
    expect(() => sha512Crypt(password, salt, rounds)).not.toThrow(/s3cret/);
  });
});

describe.skipIf(skip)(`sha512crypt and openssl${skip ? ' (skipped: there is no openssl)' : ''}`, () => {
  const byOpenssl = (password: string, salt: string): string => {
    const args = ['passwd', '-6', '-salt', salt, '-stdin'];
    return execFileSync('openssl', args, { input: `${password}\n`, encoding: 'utf8' }).trim();
  };
  const salts = fc
    .array(fc.constantFrom(...saltCharacters.split('')), { minLength: 1, maxLength: 16 })
    .map((characters) => characters.join(''));
  // openssl reads one line, accepts no empty one, and cuts a password after 256 bytes.
  const passwords = fc
    .oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.string({ minLength: 100, maxLength: 256 }))
    .map((text) => text.replace(/[\0\n\r]/g, ''))
    .filter((text) => text !== '' && Buffer.byteLength(text) <= 256);

  test('sha512Crypt and openssl passwd -6 make the same hash of any password with any salt', () => {
    const property = fc.property(passwords, salts, (password, salt) => {
      expect(sha512Crypt(password, salt)).toBe(byOpenssl(password, salt));
    });
    fc.assert(property, {
      ...sample,
      examples: [
        ['p', 'a'],
        ['pässwörd 漢字 😀', 'salt'],
        ['x'.repeat(256), './'],
      ],
    });
  });

  test.each([63, 64, 65, 127, 128, 129, 255, 256])(
    'sha512Crypt and openssl passwd -6 make the same hash of a password of %i bytes',
    (length) => {
      expect(sha512Crypt('x'.repeat(length), 'salt')).toBe(byOpenssl('x'.repeat(length), 'salt'));
    },
  );

  test.each([1_000, 4_999, 12_345])(
    'sha512Crypt and openssl passwd -6 make the same hash with %i rounds',
    (rounds) => {
      expect(sha512Crypt('s3cret', 'salt', rounds)).toBe(byOpenssl('s3cret', `rounds=${rounds}$salt`));
    },
  );
});
