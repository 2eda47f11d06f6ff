import { CompactEncrypt } from 'jose';
import { toItems } from '../../src/chunks.ts';
import { chunkName, itemNames, type Item } from '../../src/items.ts';
import { signText, type SigningKey } from '../../src/rsa-keys.ts';
import { protectedHeader, seal, signedText, type Addressee } from '../../src/seal.ts';
import { keyPair, type StoredKey } from './keys.ts';
import type { OpeningVector } from './types.ts';

/** The operation of the vectors. */
export const operation = '01890a5d-ac96-774b-bcce-b302099a8057';
const vm = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const nonce = Buffer.alloc(32, 7).toString('base64url');
const reportKey = Buffer.alloc(32, 9).toString('base64url');
const otherGuid = '11111111-2222-7333-8444-555555555555';

const small = JSON.stringify({ version: 1, reportKey, hostname: 'web-01' });
const full = JSON.stringify({
  version: 1,
  reportKey,
  hostname: 'web-01.example.org',
  network: {
    adapters: [
      {
        mac: '00:15:5d:00:00:01',
        addresses: ['192.0.2.10/24', '2001:db8::10/64'],
        gateway4: '192.0.2.1',
        gateway6: 'fe80::1',
        dns: ['192.0.2.53', '2001:db8::53'],
        search: ['example.org'],
        mtu: 1400,
      },
      { mac: '00:15:5d:00:00:02', dhcp4: true, dhcp6: false },
    ],
  },
  users: [
    {
      name: 'ops',
      passwordHash: `$6$saltsalt$${'x'.repeat(86)}`,
      sudo: 'password',
      shell: '/bin/bash',
      groups: ['adm'],
    },
    { name: 'deploy', sudo: 'without-password' },
  ],
  sshKeys: [{ user: 'ops', keys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIEXAMPLE ops@example.org'] }],
  scripts: [
    { name: 'motd', content: 'printf \'%s\\n\' "quote \\" and $dollar" >/etc/motd\n\tä€😀 \u007f\u0001\n' },
  ],
});

/** Returns the vectors of opening a sealed text. */
export async function openingVectors(keys: readonly StoredKey[]): Promise<OpeningVector[]> {
  const signing = keyPair(keys, 'signing');
  const guest = {
    vm,
    operation,
    epoch: 1,
    nonce,
    key: 'guest',
    trusted: ['signing', 'signing-next'],
    completed: [],
  } as const satisfies OpeningVector['guest'];
  const addressee: Addressee = { vm, operation, key: { epoch: 1, nonce, publicKey: keyPair(keys, 'guest') } };
  const sealed = (plaintext: string, to = addressee, by: SigningKey = signing) =>
    seal(Buffer.from(plaintext), to, by);
  const opened = async (
    why: string,
    plaintext: string,
    items?: (text: string) => Item[],
  ): Promise<OpeningVector> => {
    const text = await sealed(plaintext);
    return { why, guest, items: items?.(text) ?? toItems(text, 1), result: 'opened', plaintext };
  };
  const refused = (
    why: string,
    code: string,
    text: string,
    more: Partial<OpeningVector['guest']> = {},
  ): OpeningVector => ({
    why,
    guest: { ...guest, ...more },
    items: toItems(text, 1),
    result: 'refused',
    code,
  });
  const changed = async (why: string, code: string, header: object) =>
    refused(why, code, await withHeader(header, addressee, signing));
  const incomplete = async (why: string, change: (items: Item[]) => Item[]): Promise<OpeningVector> => ({
    why,
    guest,
    items: change(toItems(await sealed(full), 1)),
    result: 'incomplete',
  });
  const expected = protectedHeader(addressee, signing.digest);
  const smallText = await sealed(small);
  return [
    await opened('a small document', small),
    await opened('a document of several chunks, with every kind of character', full),
    await opened(
      'escapes of JSON',
      small.replace('web-01', '\\u0077eb-01').replace('"hostname"', ' "host\\u006eame" '),
    ),
    await opened('chunks in any order, among items of others', full, (text) => [
      { name: 'Other', value: 'x' },
      ...toItems(text, 1).reverse(),
      { name: chunkName(1, 50), value: 'left over' },
      { name: chunkName(2, 0), value: 'of the next generation' },
    ]),
    {
      ...(await opened('signed by the second trusted key', small)),
      items: toItems(await sealed(small, addressee, keyPair(keys, 'signing-next')), 1),
    },
    await opened('the third generation', small, (text) => toItems(text, 3)),
    await opened('a document of the greatest size', largest()),
    await incomplete('no manifest', (items) => items.slice(0, -1)),
    await incomplete('a chunk is missing', (items) => items.slice(1)),
    await incomplete('two chunks are exchanged', swapFirstTwo),
    await incomplete('a chunk is cut', ([first, ...rest]) => [
      { name: first?.name ?? '', value: first?.value.slice(0, 99) ?? '' },
      ...rest,
    ]),
    await incomplete('the chunks are of another generation', (items) =>
      items.map(({ name, value }) => ({ name: name.replace('chunk.1.', 'chunk.2.'), value })),
    ),
    await incomplete('the manifest is cut', (items) =>
      items.map(({ name, value }) => ({
        name,
        value: name === itemNames.manifest ? value.slice(0, -1) : value,
      })),
    ),
    await incomplete('a chunk exists twice with different values', (items) => [
      ...items,
      { name: chunkName(1, 0), value: 'x' },
    ]),
    {
      why: 'the manifest has version 2',
      guest,
      items: toItems(smallText, 1).map(({ name, value }) => ({
        name,
        value: name === itemNames.manifest ? value.replace(/^1/, '2') : value,
      })),
      result: 'refused',
      code: 'version',
    },
    refused('five parts', 'form', smallText.split('.').slice(0, 5).join('.')),
    refused('a part is not base64url', 'form', smallText.replace('.', '.=')),
    refused('the signature is changed', 'signature', flipped(smallText, 5)),
    refused('the ciphertext is changed', 'signature', flipped(smallText, 3)),
    refused('signed by a stranger', 'signature', await sealed(small, addressee, keyPair(keys, 'stranger'))),
    refused(
      'signed by a key that is no longer trusted',
      'signature',
      await sealed(small, addressee, keyPair(keys, 'signing-next')),
      { trusted: ['signing'] },
    ),
    refused('sealed to another VM', 'wrong-vm', await sealed(small, { ...addressee, vm: otherGuid })),
    refused(
      'sealed for another operation',
      'wrong-operation',
      await sealed(small, { ...addressee, operation: otherGuid }),
    ),
    refused(
      'sealed in another epoch',
      'wrong-epoch',
      await sealed(small, { ...addressee, key: { ...addressee.key, epoch: 2 } }),
    ),
    refused(
      'sealed to another nonce',
      'wrong-nonce',
      await sealed(small, {
        ...addressee,
        key: { ...addressee.key, nonce: Buffer.alloc(32, 8).toString('base64url') },
      }),
    ),
    refused(
      'sealed to another key',
      'wrong-key',
      await sealed(small, { ...addressee, key: { ...addressee.key, publicKey: keyPair(keys, 'stranger') } }),
    ),
    await changed('the kid is of another key', 'header', {
      ...expected,
      kid: keyPair(keys, 'stranger').digest,
    }),
    await changed('the typ is another one', 'header', { ...expected, typ: 'JWT' }),
    await changed('the algorithm is RSA-OAEP', 'header', { ...expected, alg: 'RSA-OAEP' }),
    await changed('the content is A256GCM', 'header', { ...expected, enc: 'A256GCM' }),
    await changed('the header has one member more', 'header', { ...expected, cty: 'json' }),
    await changed(
      'the header has another order',
      'header',
      Object.fromEntries(Object.entries(expected).reverse()),
    ),
    refused('the tag is changed and signed', 'decryption', resigned(flipped(smallText, 4), signing)),
    refused('the ciphertext is changed and signed', 'decryption', resigned(flipped(smallText, 3), signing)),
    refused(
      'the encrypted key is changed and signed',
      'decryption',
      resigned(flipped(smallText, 1), signing),
    ),
    refused('the plaintext is no JSON', 'document', await sealed('{"version":1,')),
    refused('the plaintext is an array', 'document', await sealed('[]')),
    refused('the plaintext has text after the JSON', 'document', await sealed(`${small}x`)),
    refused(
      'the document has version 2',
      'document',
      await sealed(small.replace('"version":1', '"version":2')),
    ),
    refused('the document has no report key', 'document', await sealed('{"version":1,"hostname":"web-01"}')),
    refused(
      'the document has an unknown section',
      'section',
      await sealed(small.replace('"hostname"', '"firewall"')),
    ),
    refused('a user has an unknown member', 'document', await sealed(full.replace('"shell"', '"home"'))),
    refused('a host name is invalid', 'document', await sealed(small.replace('web-01', 'web 01'))),
    refused(
      'an address is invalid',
      'document',
      await sealed(full.replace('192.0.2.10/24', '192.0.2.256/24')),
    ),
    refused(
      'a search domain has a newline',
      'document',
      await sealed(full.replace('"example.org"', '"a\\nb"')),
    ),
    refused(
      'a MAC address is in upper case',
      'document',
      await sealed(full.replace('5d:00:00:02', '5D:00:00:02')),
    ),
    refused('an MTU is too small', 'document', await sealed(full.replace('"mtu":1400', '"mtu":575'))),
    refused('a text has U+0000', 'document', await sealed(full.replace('\\u0001', '\\u0000'))),
    refused('the operation is completed', 'completed', smallText, { completed: [operation] }),
  ];
}

/** The plaintext of 40,000 bytes. */
function largest(): string {
  const scripts = (length: number) =>
    JSON.stringify({
      version: 1,
      reportKey,
      scripts: [
        { name: 'first', content: '#'.repeat(20_000) },
        { name: 'second', content: '#'.repeat(length) },
      ],
    });
  return scripts(40_000 - scripts(0).length);
}

async function withHeader(header: object, { key }: Addressee, signing: SigningKey): Promise<string> {
  const encrypt = new CompactEncrypt(Buffer.from(small)).setProtectedHeader(
    header as { alg: string; enc: string },
  );
  return signed(await encrypt.encrypt(key.publicKey.key), signing);
}

const signed = (jwe: string, signing: SigningKey): string =>
  `${jwe}.${signText(signedText(jwe), signing).toString('base64url')}`;

const resigned = (text: string, signing: SigningKey): string =>
  signed(text.split('.').slice(0, 5).join('.'), signing);

/** Changes one bit of a part. */
function flipped(text: string, part: number): string {
  const parts = text.split('.');
  const bytes = Buffer.from(parts[part] ?? '', 'base64url');
  bytes[5] = (bytes[5] ?? 0) ^ 1;
  parts[part] = bytes.toString('base64url');
  return parts.join('.');
}

function swapFirstTwo(items: Item[]): Item[] {
  const [first, second, ...rest] = items;
  if (first === undefined || second === undefined) throw new Error('a document of several chunks is needed');
  return [{ name: first.name, value: second.value }, { name: second.name, value: first.value }, ...rest];
}
