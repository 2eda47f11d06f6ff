import fc from 'fast-check';
import { decodeProtectedHeader } from 'jose';
import { describe, expect, test } from 'vitest';
import { personOfClaims } from '../../../src/auth/oidc/person-of-claims.ts';
import { SealedBox } from '../../../src/auth/sessions/sealed-box.ts';
import { maxSessionCookieLength, SessionCookies } from '../../../src/auth/sessions/session-cookie.ts';
import { Secret } from '../../../src/config/secret.ts';
import { claims, issuer } from './people.ts';

const one = new Secret('1'.repeat(32));
const two = new Secret('2'.repeat(32));

describe('the session cookie', () => {
  test('opens with what was sealed', async () => {
    const cookies = new SessionCookies([one]);
    const full = claims({ principalId: 'entra:t:o', providerSession: 'p', stamp: 's', groupsOmitted: true });
    for (const content of [claims(), full]) {
      expect(await cookies.open(await cookies.seal(content))).toEqual({ claims: content, isNewestKey: true });
    }
  });

  test('is a JWE with A256GCM whose header names the key and reveals nothing', async () => {
    const sealed = await new SessionCookies([one]).seal(claims());
    expect(decodeProtectedHeader(sealed)).toEqual({
      alg: 'dir',
      enc: 'A256GCM',
      kid: expect.stringMatching(/^[\w-]{8}$/) as string,
    });
    expect(Buffer.from(sealed).toString()).not.toContain('ann');
  });

  test('opens with an earlier key as long as that is configured', async () => {
    const sealed = await new SessionCookies([one]).seal(claims());
    expect(await new SessionCookies([two, one]).open(sealed)).toMatchObject({ isNewestKey: false });
    expect(await new SessionCookies([two]).open(sealed)).toBeNull();
    expect(await new SessionCookies(null).open(sealed)).toBeNull();
  });

  test('is not a cookie of another purpose with the same key', async () => {
    const sealed = await new SealedBox([one], 'login attempt').seal({});
    expect(await new SessionCookies([one]).open(sealed)).toBeNull();
  });

  test('a session cookie is refused after any change of a character', async () => {
    const cookies = new SessionCookies([one]);
    const sealed = await cookies.seal(claims());
    await fc.assert(
      fc.asyncProperty(
        fc.nat(sealed.length - 1),
        fc.constantFrom('A', 'b', '9', '.', '_'),
        async (at, character) => {
          fc.pre(sealed[at] !== character);
          const changed = sealed.slice(0, at) + character + sealed.slice(at + 1);
          const opened = await cookies.open(changed);
          // The last characters of a base64url part may have unused bits.
          expect(opened === null || opened.claims.id === claims().id).toBe(true);
        },
      ),
    );
  });

  test.each(['', 'a', '....', 'a.b.c.d.e', 'x'.repeat(5000)])('is not %j', async (text) => {
    expect(await new SessionCookies([one]).open(text)).toBeNull();
  });

  test('stays below 2 kB for a person with 200 groups, of which all give roles', async () => {
    const groups = Array.from({ length: 200 }, () => crypto.randomUUID());
    const settings = {
      oidcReaderPermissions: groups.slice(0, 100),
      oidcWriterPermissions: groups.slice(100),
      oidcAdminPermissions: ['Aether.Admin', 'Aether administrators of the whole site '.repeat(6)],
    };
    const tid = crypto.randomUUID();
    const token = {
      sub: 's'.repeat(255),
      oid: crypto.randomUUID(),
      tid,
      sid: 'x'.repeat(900),
      name: '\u{1F600}'.repeat(300),
      groups: [...groups, settings.oidcAdminPermissions[1]],
    };
    const tenant = `https://login.microsoftonline.com/${tid}/v2.0`;
    for (const from of [tenant, `${issuer}/${'realm'.repeat(20)}`]) {
      const person = personOfClaims(settings, token, from);
      expect(person.grants).toHaveLength(3);
      const sealed = await new SessionCookies([one]).seal(
        claims({ ...person, id: 'i'.repeat(22), signedInAt: 1e12 }),
      );
      expect(sealed.length).toBeLessThan(maxSessionCookieLength);
    }
  });
});
