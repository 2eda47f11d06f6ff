import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { addKey } from '../../src/keys/add-key.ts';
import { signingWarnings } from '../../src/config/signing-warnings.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { ControlService, signer, signing } from '../support/control-service.ts';
import { guid } from '../support/facts.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { signed1, signed2, type Signer } from '../support/signer.ts';
import { testConfig } from '../support/test-app.ts';

let control: ControlService;
let folder: string;
let file: string;
beforeEach(() => {
  control = new ControlService(new FakeClock());
  folder = mkdtempSync(join(tmpdir(), 'keys-'));
  file = join(folder, 'keys.json');
});
afterEach(async () => {
  await control.close();
  rmSync(folder, { recursive: true });
});

const list = '/api/v1/vms';
const start = `/api/v1/vms/${guid(1)}/start`;
const secret = signer.secret;

function add(...args: string[]): Signer {
  return { key: addKey([...args, '--file', file], {}, control.clock.now()).key, secret };
}

async function startWithKeys(more: Record<string, string> = {}): Promise<void> {
  await control.start({ API_KEYS_FILE: file, HMAC_SECRET: secret, ...more });
}

async function get(url: string, headers: Record<string, string>): Promise<number> {
  return (await control.service.get(url, headers)).statusCode;
}

function signedFor(one: Signer, method: string, target: string, body: string): Record<string, string> {
  return signed2(one, method, target, body, control.stamp());
}

describe('API keys for the whole API', () => {
  test('have the rights of their roles', async () => {
    const reader = add('reader', '--role', 'reader', '--signature', 'none').key;
    const writer = add('writer', '--signature', 'none').key;
    const admin = add('admin', '--role', 'admin', '--signature', 'none').key;
    await startWithKeys();
    const { service } = control;
    expect(await get(list, { 'x-api-key': reader })).toBe(200);
    const statuses = await Promise.all(
      [reader, writer].map(async (key) => (await service.post(start, {}, { 'x-api-key': key })).statusCode),
    );
    expect(statuses).toEqual([403, 202]);
    const audit = '/api/v1/audit/head';
    expect([await get(audit, { 'x-api-key': writer }), await get(audit, { 'x-api-key': reader })]).toEqual([
      403, 403,
    ]);
    const test = await service.post('/api/v1/hosts/hv01/test', {}, { 'x-api-key': admin });
    expect(test.statusCode).toBe(202);
    expect(service.audit.entries).toContainEqual(
      expect.objectContaining({ action: 'vm.start', actor: { id: 'key:writer', name: 'Key writer' } }),
    );
  });

  test('have a start recorded before it begins, even if its query asks for a dry run, which it does not know', async () => {
    const { key } = add('bot', '--signature', 'none');
    await startWithKeys();
    const { service } = control;
    await service.post('/vm/VM-1/start?dryRun=true', {}, { 'x-api-key': key });
    expect(service.audit.entries).toContainEqual(
      expect.objectContaining({ action: 'vm.start', status: 'requested' }),
    );
  });

  test('are refused if they are wrong, have expired, or come with another identity', async () => {
    const { key } = add('bot', '--signature', 'none', '--expires', '1');
    await startWithKeys();
    expect(await get(list, { 'x-api-key': key })).toBe(200);
    expect(await get(list, { 'x-api-key': `${key}x` })).toBe(401);
    expect(await get(list, { 'x-api-key': '' })).toBe(401);
    expect(await get(list, { 'x-api-key': key, authorization: 'Bearer x' })).toBe(400);
    await control.clock.advance(86_400_000);
    const expired = await control.service.get(list, { 'x-api-key': key });
    expect([expired.statusCode, expired.json<{ detail: string }>().detail]).toEqual([
      401,
      expect.stringMatching(/bot expired.*key:add/),
    ]);
  });

  test('that require signature 2 must sign everywhere', async () => {
    const bot = add('bot');
    await startWithKeys();
    const { service } = control;
    expect(await get(list, { 'x-api-key': bot.key })).toBe(401);
    expect(await get(list, signed1(bot, '', control.stamp()))).toBe(401);
    expect(await get(list, signedFor(bot, 'GET', list, ''))).toBe(200);
    expect(await get('/vm/list', signed1(bot, '', control.stamp()))).toBe(401);
    expect(await get('/vm/list', signedFor(bot, 'GET', '/vm/list', ''))).toBe(200);
    expect((await service.post(start, {}, { 'x-api-key': bot.key })).statusCode).toBe(401);
    const headers = signedFor(bot, 'POST', start, '{}');
    expect((await service.post(start, { force: true }, headers)).statusCode).toBe(401);
    expect((await service.post(`/api/v1/vms/${guid(2)}/stop`, {}, headers)).statusCode).toBe(401);
    expect((await service.post(start, {}, headers)).statusCode).toBe(202);
    const again = await service.post(start, {}, headers);
    expect([again.statusCode, again.json<{ code: string }>().code]).toEqual([401, 'signature-used']);
  });

  test('tell nothing about objects before their signature is verified', async () => {
    const bot = add('bot');
    await startWithKeys();
    const unknown = `/api/v1/vms/${guid(99)}`;
    expect(await get(unknown, { 'x-api-key': bot.key })).toBe(401);
    expect(await get(unknown, signedFor(bot, 'GET', unknown, ''))).toBe(404);
  });

  test('the key in API_KEY must sign with signature 2 outside the VM control API', async () => {
    await control.start();
    expect(await get(list, { 'x-api-key': signer.key })).toBe(401);
    expect(await get(list, signed1(signer, '', control.stamp()))).toBe(401);
    expect(await get(list, signedFor(signer, 'GET', list, ''))).toBe(200);
  });

  test('a reader may list and not act, and its signature is used', async () => {
    const reader = add('reader', '--role', 'reader', '--signature', '1');
    await control.start({ ...signing, API_KEYS_FILE: file });
    expect(await get('/vm/list', signed1(reader, '', control.stamp()))).toBe(200);
    const timestamp = control.stamp();
    expect((await control.post('/vm/web01/start', signed1(reader, '{}', timestamp))).statusCode).toBe(403);
    const taken = await control.post('/vm/web01/start', signed1(signer, '{}', timestamp));
    expect([taken.statusCode, taken.json<{ code: string }>().code]).toEqual([401, 'signature-used']);
    expect(control.asked).toEqual([]);
  });

  test('that must sign are refused while the service has no secret', async () => {
    const bot = add('bot');
    expect(loadConfig({ API_KEYS_FILE: file })).toEqual({
      problems: [expect.stringMatching(/HMAC_SECRET: required.*bot/) as string],
    });
    await startWithKeys();
    expect(await get(list, signed2({ ...bot, secret: 'another' }, 'GET', list, '', control.stamp()))).toBe(
      401,
    );
  });

  test('a key that is added to the file is accepted without a restart, and a removed one is not', async () => {
    const old = add('bot', '--signature', 'none').key;
    await startWithKeys();
    const next = add('bot', '--signature', 'none').key;
    expect(await get(list, { 'x-api-key': next })).toBe(401);
    await readAgain(() => get(list, { 'x-api-key': next }), 200);
    expect(await get(list, { 'x-api-key': old })).toBe(200);
    rmSync(file);
    add('other', '--signature', 'none');
    await readAgain(() => get(list, { 'x-api-key': next }), 401);
  });
});

/** Lets the service look at its file until its answer has changed. */
async function readAgain(ask: () => Promise<number>, expected: number): Promise<void> {
  for (let turn = 0; (await ask()) !== expected; turn += 1) {
    if (turn > 200) throw new Error(`The answer does not become ${expected}.`);
    await control.clock.advance(2000);
  }
}

test('a file without keys does not allow a bind beyond loopback', () => {
  writeFileSync(file, '{"keys":[]}');
  const environment = { API_KEYS_FILE: file, BIND_ADDRESS: '0.0.0.0' };
  expect(loadConfig(environment)).toEqual({
    problems: [expect.stringMatching(/^BIND_ADDRESS: 0\.0\.0\.0 is reachable/) as string],
  });
  add('bot', '--signature', 'none');
  expect(loadConfig(environment)).toHaveProperty('config');
});

describe('the warnings of signature 1', () => {
  test.each<[Record<string, string>, RegExp[]]>([
    [{}, []],
    [{ API_KEY: 'k' }, []],
    [signing, [/Signature 1 .*API_KEY/]],
    [{ ...signing, HMAC_REPLAY_SCOPE: 'target' }, [/Signature 1/, /HMAC_REPLAY_SCOPE/]],
    [{ ...signing, HMAC_SECRET: 'short' }, [/Signature 1/, /HMAC_SECRET has fewer/]],
  ])('with %j', (environment, expected) => {
    expect(signingWarnings(testConfig(environment))).toEqual(
      expected.map((pattern) => expect.stringMatching(pattern) as string),
    );
  });

  test('name the keys that accept it, and no key that requires signature 2', () => {
    add('new');
    add('old', '--signature', '1');
    const [warning] = signingWarnings(testConfig({ API_KEYS_FILE: file, HMAC_SECRET: secret }));
    expect(warning).toMatch(/\(old\)/);
  });
});
