import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addKey } from '../../../src/keys/add-key.ts';
import { ApiKeys, type ApiKeysOptions } from '../../../src/auth/keys/api-keys.ts';
import { parseKeyFile } from '../../../src/keys/key-file.ts';
import { hashOfKey } from '../../../src/keys/stored-key.ts';
import { CredentialEnds } from '../../../src/auth/credential-ends.ts';
import { Secret } from '../../../src/config/secret.ts';
import { FakeClock } from '../../support/fake-clock.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'));
  file = join(folder, 'keys.json');
});
afterEach(() => rmSync(folder, { recursive: true }));

const now = Date.UTC(2026, 10, 30);
const sha256 = hashOfKey('s3cret');
const entry = { name: 'bot', sha256, role: 'writer', signature: '2', expires: null };

describe('the key file', () => {
  test('has keys with a role, a signature and an end; several may share a name', () => {
    const other = { ...entry, sha256: hashOfKey('other'), expires: '2027-01-01T00:00:00Z' };
    expect(parseKeyFile(JSON.stringify({ keys: [entry, other] }))).toEqual({
      keys: [
        { name: 'bot', sha256, role: 'writer', signature: '2', expiresAt: null },
        {
          name: 'bot',
          sha256: other.sha256,
          role: 'writer',
          signature: '2',
          expiresAt: Date.UTC(2027, 0, 1),
        },
      ],
    });
  });

  test.each([
    ['{', /not JSON/],
    ['[]', /./],
    ['{}', /keys/],
    [JSON.stringify({ keys: [{ ...entry, role: 'root' }] }), /role/],
    [JSON.stringify({ keys: [{ ...entry, sha256: 'x' }] }), /sha256/],
    [JSON.stringify({ keys: [{ ...entry, signature: '3' }] }), /signature/],
    [JSON.stringify({ keys: [{ ...entry, expires: 'tomorrow' }] }), /"expires" of bot/],
    [JSON.stringify({ keys: [{ ...entry, name: 'default' }] }), /API_KEY/],
    [JSON.stringify({ keys: [{ ...entry, name: 'a b' }] }), /name/],
    [JSON.stringify({ keys: [{ ...entry, rights: 'all' }] }), /rights|additional/],
  ])('is refused with a reason: %s', (text, reason) => {
    expect(parseKeyFile(text)).toEqual({ problem: expect.stringMatching(reason) as string });
  });
});

describe('npm run key:add', () => {
  test('prints a new key, and the file has only its hash', () => {
    const { key, expires } = addKey(
      ['bot', '--expires', '90', '--role', 'reader'],
      { API_KEYS_FILE: file },
      now,
    );
    expect(key).toMatch(/^av_[\w-]{43}$/);
    expect(expires).toBe('2027-02-28T00:00:00.000Z');
    const text = readFileSync(file, 'utf8');
    expect(text).not.toContain(key);
    expect(parseKeyFile(text)).toEqual({
      keys: [
        {
          name: 'bot',
          sha256: hashOfKey(key),
          role: 'reader',
          signature: '2',
          expiresAt: Date.UTC(2027, 1, 28),
        },
      ],
    });
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('keeps the keys that the file has', () => {
    addKey(['one', '--file', file], {}, now);
    addKey(['one', '--file', file, '--signature', 'none'], {}, now);
    const parsed = parseKeyFile(readFileSync(file, 'utf8'));
    expect('keys' in parsed && parsed.keys.map(({ name, signature }) => [name, signature])).toEqual([
      ['one', '2'],
      ['one', 'none'],
    ]);
  });

  test.each([
    [[], /one name/],
    [['a', 'b'], /one name/],
    [['default'], /API_KEY/],
    [['bot', '--role', 'root'], /--role must be one of reader, writer, admin/],
    [['bot', '--signature', '3'], /--signature/],
    [['bot', '--expires', 'soon'], /--expires/],
    [['bot', '--expires', '2020-01-01'], /future/],
    [['bot', '--other'], /--other/],
  ])('refuses %j', (args, reason) => {
    expect(() => addKey(args, { API_KEYS_FILE: file }, now)).toThrow(reason);
  });

  test('names the setting if there is no file, and changes no file that is something else', () => {
    expect(() => addKey(['bot'], {}, now)).toThrow(/API_KEYS_FILE/);
    writeFileSync(file, 'PORT=8000\n');
    expect(() => addKey(['bot', '--file', file], {}, now)).toThrow(/not a key file/);
    expect(readFileSync(file, 'utf8')).toBe('PORT=8000\n');
  });
});

describe('the API keys', () => {
  function keysOf(options: Partial<ApiKeysOptions> = {}): {
    keys: ApiKeys;
    said: string[];
    ends: CredentialEnds;
  } {
    const said: string[] = [];
    const ends = new CredentialEnds();
    const log = { warn: (text: string) => said.push(text), log: (text: string) => said.push(text) };
    const base = { apiKey: null, named: [], file, canSign: true, clock: new FakeClock(now), ends, log };
    return { keys: new ApiKeys({ ...base, ...options }), said, ends };
  }

  test('the key in API_KEY is a writer, and signs if requests can be signed', () => {
    const apiKey = new Secret('plain key');
    expect(keysOf({ apiKey, file: null }).keys.find('plain key')).toMatchObject({
      name: 'default',
      role: 'writer',
      signature: '1',
    });
    const { keys } = keysOf({ apiKey, file: null, canSign: false });
    expect(keys.find('plain key')?.signature).toBe('none');
    for (const wrong of ['', 'plain ke', 'plain key ', 'PLAIN KEY', hashOfKey('plain key')]) {
      expect(keys.find(wrong)).toBeUndefined();
    }
  });

  test('a changed file is read again, and what is open for a removed key ends', async () => {
    const { keys, ends } = keysOf();
    const first = addKey(['bot', '--file', file], {}, now).key;
    await keys.reload(file);
    const credentialId = `key:bot:${hashOfKey(first).slice(0, 16)}`;
    expect(keys.find(first)?.name).toBe('bot');
    let ended = 0;
    ends.onEnd(credentialId, () => (ended += 1));
    const second = addKey(['bot', '--file', file], {}, now).key;
    await keys.reload(file);
    expect([keys.find(first)?.name, keys.find(second)?.name, ended]).toEqual(['bot', 'bot', 0]);
    rmSync(file);
    const third = addKey(['bot', '--file', file], {}, now).key;
    await keys.reload(file);
    expect([keys.find(first), keys.find(third)?.name, ended]).toEqual([undefined, 'bot', 1]);
  });

  test('an unusable file changes nothing, and is reported once', async () => {
    const { keys, said } = keysOf();
    const { key } = addKey(['bot', '--file', file], {}, now);
    await keys.reload(file);
    said.length = 0;
    writeFileSync(file, '{"keys": [');
    await keys.reload(file);
    await keys.reload(file);
    expect(keys.find(key)?.name).toBe('bot');
    expect(said).toEqual([expect.stringMatching(/API_KEYS_FILE.*not JSON.*stay valid/) as string]);
  });
});
