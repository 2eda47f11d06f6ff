import { generateKeyPair, SignJWT, type GenerateKeyPairResult, type JWTPayload } from 'jose';
import { beforeAll, describe, expect, test } from 'vitest';
import { LogoutTokens } from '../../../src/auth/oidc/logout-token.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const issuer = 'https://id.example.org';
const event = 'http://schemas.openid.net/event/backchannel-logout';
const clock = new FakeClock();
const now = clock.now() / 1000;
let pair: GenerateKeyPairResult;
let foreign: GenerateKeyPairResult;
beforeAll(async () => {
  [pair, foreign] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
});

const good: JWTPayload = {
  iss: issuer,
  aud: 'aether',
  iat: now,
  exp: now + 120,
  jti: 'one',
  sub: 'ann',
  sid: 'at-provider',
  events: { [event]: {} },
};

function without(...names: string[]): JWTPayload {
  return Object.fromEntries(Object.entries(good).filter(([name]) => !names.includes(name)));
}

function sign(claims: JWTPayload, { typ = 'logout+jwt', key = pair.privateKey } = {}): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ }).sign(key);
}

function verifier(): (token: string) => Promise<unknown> {
  const tokens = new LogoutTokens({ issuer, clientId: 'aether', clock });
  return (token) => tokens.verify(token, () => Promise.resolve(pair.publicKey));
}

describe('a logout token', () => {
  test.each([
    ['a session', good, { issuer, subject: 'ann', providerSession: 'at-provider' }],
    ['a session only', without('sub'), { issuer, subject: null, providerSession: 'at-provider' }],
    ['a person', without('sid'), { issuer, subject: 'ann', providerSession: null }],
  ])('names %s', async (_, claims, expected) => {
    expect(await verifier()(await sign(claims))).toEqual(expected);
  });

  test.each<[string, JWTPayload, RegExp]>([
    ['of another issuer', { ...good, iss: 'https://other.example.org' }, /"iss"/],
    ['for another client', { ...good, aud: 'other' }, /"aud"/],
    ['with a nonce, as an ID token', { ...good, nonce: 'n' }, /nonce/],
    ['without the event', without('events'), /logout event/],
    ['with another event', { ...good, events: { 'https://example.org/other': {} } }, /logout event/],
    ['without an id', without('jti'), /jti/],
    ['without sub and sid', without('sub', 'sid'), /neither/],
    ['without a time', without('iat'), /"iat"/],
    ['that is too old', { ...good, iat: now - 400, exp: now + 100 }, /"iat"/],
    ['of the future', { ...good, iat: now + 400, exp: now + 500 }, /"iat"/],
    ['that has expired', { ...good, exp: now - 100 }, /"exp"/],
  ])('is refused %s', async (_, claims, message) => {
    await expect(verifier()(await sign(claims))).rejects.toThrow(message);
  });

  test('is refused with another type, another key, or without a signature', async () => {
    const verify = verifier();
    await expect(verify(await sign(good, { typ: 'JWT' }))).rejects.toThrow(/"typ"/);
    await expect(verify(await sign(good, { key: foreign.privateKey }))).rejects.toThrow(/signature/);
    const [, payload] = (await sign(good)).split('.');
    const header = Buffer.from('{"alg":"none","typ":"logout+jwt"}').toString('base64url');
    await expect(verify(`${header}.${payload}.`)).rejects.toThrow(/alg/);
    await expect(verify('nonsense')).rejects.toThrow(/JWS/);
  });

  test('is refused the second time', async () => {
    const verify = verifier();
    const token = await sign(good);
    await verify(token);
    await expect(verify(token)).rejects.toThrow(/used before/);
  });
});
