import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FastifyRequest } from 'fastify';
import { expect, test } from 'vitest';
import { CredentialEnds } from '../../../src/auth/credential-ends.ts';
import { ApiKeys } from '../../../src/auth/keys/api-keys.ts';
import { KeyAuthenticator } from '../../../src/auth/keys/key-authenticator.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

test('the authentication with a key knows when the key has been removed', async () => {
  const sha256 = createHash('sha256').update('key').digest('hex');
  const named = [{ name: 'bot', sha256, role: 'reader', signature: 'none', expiresAt: null }] as const;
  const file = join(temporaryFolder(), 'keys.json');
  const log = { warn: () => undefined, log: () => undefined };
  const clock = new FakeClock();
  const options = { apiKey: null, named, file, canSign: false, clock, ends: new CredentialEnds(), log };
  const keys = new ApiKeys(options);
  const request = { headers: { 'x-api-key': 'key' } } as unknown as FastifyRequest;
  const authentication = await new KeyAuthenticator(keys, clock).authenticate(request);
  expect(authentication?.hasEnded?.()).toBe(false);
  writeFileSync(file, JSON.stringify({ keys: [] }));
  await keys.reload(file);
  keys.onApplicationShutdown();
  expect(authentication?.hasEnded?.()).toBe(true);
});
