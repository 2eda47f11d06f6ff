import type { FastifyReply, FastifyRequest } from 'fastify';
import { describe, expect, test, vi } from 'vitest';
import { AccessTokens } from '../../../src/auth/bearer/access-tokens.ts';
import { BearerAuthenticator } from '../../../src/auth/bearer/bearer-authenticator.ts';
import { ProblemError } from '../../../src/problems/problem-error.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import {
  forge,
  genericAudience,
  genericIssuer,
  genericToken,
  signed,
  type Json,
} from '../../support/token-forge.ts';

const minute = 60_000;
const clock = new FakeClock(Date.UTC(2026, 10, 30, 12));
const own = forge(() => genericToken(clock.now()));

function authenticatorWith(keys = vi.fn(() => Promise.resolve<typeof own.keys | null>(own.keys))) {
  const tokens = new AccessTokens({
    keys: { current: keys },
    rules: {
      issuers: [genericIssuer],
      audiences: [genericAudience],
      algorithms: ['RS256'],
      types: ['at+jwt'],
    },
    roles: {
      oidcReaderPermissions: ['Aether.Reader'],
      oidcWriterPermissions: ['Aether.Writer'],
      oidcAdminPermissions: ['Aether.Admin'],
    },
    clock,
    tenant: null,
    additional: null,
  });
  return { authenticator: new BearerAuthenticator(tokens), keys };
}

function token(claims: Json = {}): string {
  const parts = own.good(claims);
  return signed(parts.header, parts.claims, own.own);
}

/** Authenticates with this header; returns what was found or refused, and the challenge. */
async function send(authenticator: BearerAuthenticator, authorization?: string) {
  const header = vi.fn();
  const request = { headers: authorization === undefined ? {} : { authorization } };
  const found = await authenticator
    .authenticate(request as unknown as FastifyRequest, { header } as unknown as FastifyReply)
    .catch((error: unknown) => error);
  const challenge = header.mock.calls.find(([name]) => name === 'www-authenticate')?.[1] as
    string | undefined;
  return { found, challenge };
}

describe('a bearer token', () => {
  test('names its holder, its roles and its end', async () => {
    const { authenticator } = authenticatorWith();
    const exp = clock.now() / 1000 + 600;
    const { found } = await send(authenticator, `Bearer ${token({ exp })}`);
    expect(found).toMatchObject({
      principal: { id: `${genericIssuer}#backup`, name: 'backup' },
      method: 'bearer',
      expiresAt: exp * 1000,
    });
  });

  test('is known by its hash, never by itself', async () => {
    const { authenticator } = authenticatorWith();
    const text = token();
    const { found } = await send(authenticator, `bearer   ${text}`);
    expect((found as { credentialId: string }).credentialId).toMatch(/^bearer:[\w-]{43}$/);
    expect(JSON.stringify(found)).not.toContain(text.split('.')[2]);
  });

  test('is verified once a minute, and again after that', async () => {
    const { authenticator, keys } = authenticatorWith();
    const text = `Bearer ${token({ exp: clock.now() / 1000 + 600 })}`;
    const first = (await send(authenticator, text)).found;
    await clock.advance(minute - 1);
    expect((await send(authenticator, text)).found).toBe(first);
    expect(keys).toHaveBeenCalledTimes(1);
    await clock.advance(1);
    await send(authenticator, text);
    expect(keys).toHaveBeenCalledTimes(2);
  });

  test('is not remembered beyond its end', async () => {
    const { authenticator } = authenticatorWith();
    const text = `Bearer ${token({ exp: clock.now() / 1000 + 30 })}`;
    expect((await send(authenticator, text)).found).toMatchObject({ method: 'bearer' });
    await clock.advance(30_000 + minute);
    const { found, challenge } = await send(authenticator, text);
    expect(found).toMatchObject({ code: 'unauthenticated', message: 'The token has expired.' });
    expect(challenge).toBe('Bearer error="invalid_token", error_description="The token has expired."');
  });

  test('is not remembered when it is refused', async () => {
    const { authenticator, keys } = authenticatorWith();
    const text = `Bearer ${token({ aud: 'another' })}`;
    for (const _ of [1, 2]) expect((await send(authenticator, text)).found).toBeInstanceOf(ProblemError);
    expect(keys).toHaveBeenCalledTimes(2);
  });

  test('with too many groups carries the reason why it grants little', async () => {
    const { authenticator } = authenticatorWith();
    const { found } = await send(authenticator, `Bearer ${token({ _claim_names: { groups: 'src1' } })}`);
    expect(found).toMatchObject({ principal: { note: expect.stringContaining('group overage') as string } });
  });

  test('is refused with 503 while the keys of the provider are unknown', async () => {
    const { authenticator } = authenticatorWith(vi.fn(() => Promise.resolve(null)));
    const { found, challenge } = await send(authenticator, `Bearer ${token()}`);
    expect(found).toMatchObject({ code: 'provider-unavailable' });
    expect(challenge).toBeUndefined();
  });

  test('is refused where none is accepted', async () => {
    const { found } = await send(new BearerAuthenticator(null), `Bearer ${token()}`);
    expect(found).toMatchObject({ code: 'unauthenticated' });
  });

  test.each(['Bearer', 'Bearer a b', `Bearer ${'x'.repeat(16_001)}`])(
    'that is malformed is refused with 400: %.20s',
    async (header) => {
      expect((await send(authenticatorWith().authenticator, header)).found).toMatchObject({
        code: 'bad-request',
      });
    },
  );

  test.each([undefined, '', 'Basic YTpi', 'BearerX token', 'token'])(
    'is absent from the header %j',
    async (header) => {
      expect((await send(authenticatorWith().authenticator, header)).found).toBeNull();
    },
  );

  test.each(['"quoted"', 'a\\b', 'ü', 'a"b.c.d', 'eyJhbGciOiJub25lIn0.e30.'])(
    'that is made to break out of the challenge does not: %s',
    async (text) => {
      const { found, challenge = '' } = await send(authenticatorWith().authenticator, `Bearer ${text}`);
      expect(found).toMatchObject({ code: 'unauthenticated' });
      expect(challenge).toMatch(
        /^Bearer error="invalid_token", error_description="[\x20-\x21\x23-\x5b\x5d-\x7e]*"$/,
      );
    },
  );
});
