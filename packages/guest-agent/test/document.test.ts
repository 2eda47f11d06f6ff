import { isDocument } from '@aether-v/provisioning';
import fc from 'fast-check';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { flatten } from './support/flatten.ts';
import { needs } from './support/parts.ts';

const seed = Number(process.env['AETHER_SEED'] ?? 1);
const numRuns = process.env['AETHER_LONG'] === '1' ? 20_000 : 400;
const library = join(import.meta.dirname, '../linux/lib');
const { skip, reason } = needs(['/usr/bin/awk']);

/** Returns the lines that the agent reads from a document, or null if it refuses it. */
function readByAwk(json: string): string[] | null {
  const args = ['-f', join(library, 'json.awk'), '-f', join(library, 'document.awk')];
  const { status, stdout } = spawnSync('awk', args, {
    input: json,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  });
  return status === 0 ? stdout.split('\n').slice(0, -1) : null;
}

const escaped = (json: string): string =>
  json.replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

// Text without U+0000 and lone surrogates, rich in characters that shells, awk and JSON treat specially.
const special = fc.constantFrom(
  '\\',
  '"',
  '\n',
  '\t',
  '\r',
  "'",
  '$(x)',
  '`',
  '%b',
  '\\n',
  '\\c',
  '/',
  'ä',
  '😀',
  '\u007f',
  '&',
  '\u0001',
  ' ',
);
const content = fc
  .array(fc.oneof(special, fc.string({ unit: 'grapheme' })), { minLength: 1, maxLength: 30 })
  .map((parts) => parts.join('').replaceAll('\0', '') || 'x');
const name = fc.oneof(
  fc.constantFrom('ops', 'a', '_x', 'a-b', 'A', '', '9', 'a b', 'a'.repeat(32), 'a'.repeat(33)),
  fc.string({ maxLength: 5 }),
);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });
const network = fc.record({
  adapters: fc.array(
    fc.record({
      mac: fc.constantFrom(
        '00:15:5d:00:00:01',
        '00:15:5d:00:00:02',
        '01:15:5d:00:00:01',
        '00:15:5D:00:00:01',
        '',
      ),
      dhcp4: optional(fc.constantFrom(true, false, 'true', null)),
      dhcp6: optional(fc.boolean()),
      addresses: optional(
        fc.array(
          fc.constantFrom(
            '192.0.2.1/24',
            '192.0.2.1',
            '192.0.2.1/0',
            '192.0.2.1/33',
            '2001:db8::/128',
            '::1/129',
            '::/08',
          ),
          { maxLength: 2 },
        ),
      ),
      gateway4: optional(fc.constantFrom('192.0.2.1', '192.0.2.01', '1.2.3', '256.0.0.1', '::1')),
      gateway6: optional(fc.constantFrom('fe80::1', '1.2.3.4', 'fe80::1%a', 'FE80::1')),
      onLink: optional(fc.boolean()),
      dns: optional(fc.array(fc.constantFrom('192.0.2.1', '::', 'a', '1.2.3.4\n'), { maxLength: 9 })),
      search: optional(fc.array(fc.constantFrom('example.org', 'a b', 'a;b', '"', 'a.'), { maxLength: 2 })),
      mtu: optional(fc.constantFrom(576, 575, 9000, 9001, 1500.5, -1500, '1500')),
    }),
    { maxLength: 9 },
  ),
});
const ipv6Like = fc
  .array(fc.constantFrom(':', '::', 'f', '0', '12ab', '1', 'abcde', '.', '1:2:3:4:', 'g'), { maxLength: 12 })
  .map((parts) => parts.join(''));
const sections = fc
  .record({
    version: fc.constantFrom(1, 1, 1, 1, 2, '1'),
    reportKey: fc.constantFrom(
      'A'.repeat(43),
      'A'.repeat(43),
      '-_'.repeat(21) + 'x',
      'A'.repeat(42),
      'A'.repeat(42) + '=',
    ),
    hostname: optional(
      fc.constantFrom(
        'web-01',
        'a.b.c',
        'a..b',
        '-a',
        'a-',
        'A',
        '',
        'a'.repeat(63),
        'a'.repeat(64),
        'x.' + 'b'.repeat(63),
        1,
      ),
    ),
    network: optional(network),
    users: optional(
      fc.array(
        fc.record({
          name,
          passwordHash: optional(fc.constantFrom('$6$a$b', '$y$j9T$x/.$z', '6$a', '$6$a b', '$6$a:b', '$6$')),
          sudo: optional(fc.constantFrom('none', 'password', 'without-password', 'all')),
          shell: optional(fc.constantFrom('/bin/sh', '/bin/a b', 'sh', '/')),
          groups: optional(fc.array(name, { maxLength: 3 })),
        }),
        { maxLength: 3 },
      ),
    ),
    sshKeys: optional(
      fc.array(
        fc.record({
          user: name,
          keys: fc.array(
            fc.constantFrom(
              'ssh-rsa AAAA',
              'ssh-rsa AAAA== a b',
              'ssh-rsa AAAA a\nb',
              'command="x" ssh-rsa AAAA',
              'ecdsa-sha2-nistp256 AA=',
              'ssh-rsa A===',
              'ssh-rsa AAAA é',
            ),
            { maxLength: 2 },
          ),
        }),
        { maxLength: 2 },
      ),
    ),
    scripts: optional(
      fc.array(fc.record({ name: fc.constantFrom('a', 'a-1', '1', 'A', ''), content }), { maxLength: 3 }),
    ),
  })
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown);

describe.skipIf(skip)(`documents of the Linux agent${reason}`, () => {
  test('are accepted exactly if the schema accepts them, and read without loss', () => {
    const property = fc.property(
      sections,
      fc.constantFrom(0, 2),
      fc.boolean(),
      (value, indent, isEscaped) => {
        const json = JSON.stringify(value, null, indent);
        expect(readByAwk(isEscaped ? escaped(json) : json)).toEqual(
          isDocument(value) ? flatten(value) : null,
        );
      },
    );
    fc.assert(property, { seed, numRuns });
  });

  test('may have exactly the IP addresses of the schema', () => {
    const property = fc.property(
      fc.oneof(
        ipv6Like,
        fc.ipV6(),
        fc.ipV4(),
        fc.array(fc.integer({ min: 0, max: 300 })).map((parts) => parts.join('.')),
      ),
      (address) => {
        const adapters = [{ mac: '00:15:5d:00:00:01', dns: [address], addresses: [`${address}/24`] }];
        const value = { version: 1, reportKey: 'A'.repeat(43), network: { adapters } };
        expect(readByAwk(JSON.stringify(value))).toEqual(isDocument(value) ? flatten(value) : null);
      },
    );
    fc.assert(property, { seed, numRuns });
  });

  test.each(['\n', '"', "'", ';', ' ', '#', '$(x)', '`x`', '\\', ']', '{}', '\t', '\r', '%', '&', 'é'])(
    'are refused if a text of the network has a character with a meaning in files: %j',
    (hostile) => {
      const adapter = {
        mac: '00:15:5d:00:00:01',
        addresses: ['192.0.2.10/24', '2001:db8::10/64'],
        gateway4: '192.0.2.1',
        gateway6: '2001:db8::1',
        dns: ['192.0.2.53'],
        search: ['example.org'],
      };
      const read = (change: object): string[] | null =>
        readByAwk(
          JSON.stringify({
            version: 1,
            reportKey: 'A'.repeat(43),
            network: { adapters: [{ ...adapter, ...change }] },
          }),
        );
      expect(read({})).not.toBeNull();
      for (const [field, value] of Object.entries(adapter)) {
        const text = String(Array.isArray(value) ? value[0] : value);
        for (const changed of [text + hostile, hostile + text, `${text}${hostile}x`]) {
          expect(read({ [field]: Array.isArray(value) ? [changed] : changed })).toBeNull();
        }
      }
    },
  );

  test('keep every character of a script', () => {
    const property = fc.property(content, fc.boolean(), (text, isEscaped) => {
      const value = { version: 1, reportKey: 'A'.repeat(43), scripts: [{ name: 'a', content: text }] };
      const json = JSON.stringify(value);
      expect(readByAwk(isEscaped ? escaped(json) : json)).toEqual(flatten(value));
    });
    fc.assert(property, { seed, numRuns });
  });

  test.each([
    '',
    '{',
    '{}x',
    '{"version":01}',
    '{"a":1,"a":2}',
    "{'a':1}",
    '{"a":1,}',
    '[1,]',
    '{"a":"\t"}',
    '{"a":"\\x"}',
    '{"a":"\\ud800"}',
    'nul',
    '1 2',
    '{"version" 1}',
  ])('are refused if they are not JSON: %j', (json) => {
    expect(readByAwk(json)).toBeNull();
  });
});
