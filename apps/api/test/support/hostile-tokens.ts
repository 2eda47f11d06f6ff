import { encode, hmacSigned, pssSigned, publicPem, signed, type Forge, type Json } from './token-forge.ts';

/** A token that must not be accepted. */
export interface HostileToken {
  readonly make: (forge: Forge) => string;
  /** True if passport-azure-ad alone accepts it: its claims are not of a kind that the library looks at. */
  readonly passportAccepts?: true;
}

/** A token with changed claims or header and a valid signature, as a provider would issue it to someone else. */
const issued =
  (claims: Json, header: Json = {}) =>
  (forge: Forge): string => {
    const parts = forge.good(claims, header);
    return signed(parts.header, parts.claims, forge.own);
  };

/** A token that the attacker signs, with a header that asks for his key. */
const selfSigned =
  (header: (forge: Forge) => Json) =>
  (forge: Forge): string => {
    const parts = forge.good({}, header(forge));
    return signed(parts.header, parts.claims, forge.attacker);
  };

/** A good token, changed after it was signed. */
const altered =
  (change: (parts: [string, string, string], forge: Forge) => string) =>
  (forge: Forge): string => {
    const { header, claims } = forge.good();
    return change(signed(header, claims, forge.own).split('.') as [string, string, string], forge);
  };

/** A payload of any kind with a valid signature. */
const payload =
  (text: string) =>
  (forge: Forge): string =>
    signed(forge.good().header, text, forge.own);

const seconds = (): number => Math.floor(Date.now() / 1000);

const unsigned = (alg: unknown, signature = ''): HostileToken => ({
  make: (forge) => `${encode(forge.good({}, { alg }).header)}.${encode(forge.good().claims)}.${signature}`,
});

const signatures: Record<string, HostileToken> = {
  'alg none without a signature': unsigned('none'),
  'alg none with a signature': unsigned('none', 'AAAA'),
  'alg None': unsigned('None', 'AAAA'),
  'alg missing': unsigned(undefined, 'AAAA'),
  'alg as a list': unsigned(['RS256'], 'AAAA'),
  'HS256 with the public key as secret': {
    make: (forge) => {
      const { header, claims } = forge.good({}, { alg: 'HS256' });
      return hmacSigned(header, claims, publicPem(forge.own));
    },
  },
  'HS256 with the trimmed public key as secret': {
    make: (forge) => {
      const { header, claims } = forge.good({}, { alg: 'HS256' });
      return hmacSigned(header, claims, publicPem(forge.own).trim());
    },
  },
  'RS256 in a duplicated alg after HS256': {
    make: (forge) =>
      hmacSigned(
        '{"alg":"HS256","typ":"JWT","kid":"published","alg":"RS256"}',
        forge.good().claims,
        publicPem(forge.own),
      ),
  },
  'HS256 in a duplicated alg after RS256': {
    make: (forge) =>
      hmacSigned(
        '{"alg":"RS256","typ":"JWT","kid":"published","alg":"HS256"}',
        forge.good().claims,
        publicPem(forge.own),
      ),
  },
  'PS256 with an RS256 header': {
    make: (forge) => {
      const { header, claims } = forge.good();
      return pssSigned(header, claims, forge.own);
    },
  },
  'the key of an attacker under a published id': { make: selfSigned(() => ({})) },
  'an unknown key id': { make: selfSigned(() => ({ kid: 'unknown' })) },
  'a key id that is a path': { make: selfSigned(() => ({ kid: '../../../../dev/null' })) },
  'a key id that is an object': { make: selfSigned(() => ({ kid: { toString: 'published' } })) },
  'an embedded key (jwk)': {
    make: selfSigned(({ attacker }) => ({ kid: undefined, jwk: attacker.jwk })),
  },
  'an embedded key with a published id (jwk)': {
    make: selfSigned(({ attacker }) => ({ jwk: attacker.jwk })),
  },
  'an address of keys (jku)': { make: selfSigned(() => ({ jku: 'https://attacker.example.org/keys' })) },
  'an address of certificates (x5u)': {
    make: selfSigned(() => ({ x5u: 'https://attacker.example.org/chain.pem' })),
  },
  'an embedded certificate (x5c)': { make: selfSigned(() => ({ x5c: ['MIIB'] })) },
  'a fingerprint without a key id (x5t)': { make: selfSigned(() => ({ kid: undefined, x5t: 'published' })) },
  'critical extensions (crit)': {
    make: issued({}, { crit: ['urn:example:extension'], 'urn:example:extension': true }),
    passportAccepts: true,
  },
  'an empty list of critical extensions': { make: issued({}, { crit: [] }), passportAccepts: true },
  'an unencoded payload (b64)': {
    make: issued({}, { crit: ['b64'], b64: false }),
    passportAccepts: true,
  },
  'an empty signature': { make: altered(([header, claims]) => `${header}.${claims}.`) },
  'a shortened signature': { make: altered((parts) => parts.join('.').slice(0, -8)) },
  'the signature of another token': {
    make: altered(([header, claims], forge) => {
      const other = forge.good({ jti: 'other' });
      return `${header}.${claims}.${signed(other.header, other.claims, forge.own).split('.')[2] ?? ''}`;
    }),
  },
  'claims that are changed after signing': {
    make: altered(([header, , signature], forge) =>
      [header, encode(forge.good({ scp: 'Aether.Admin', scope: 'Aether.Admin' }).claims), signature].join(
        '.',
      ),
    ),
  },
};

const shapes: Record<string, HostileToken> = {
  'an empty token': { make: () => '' },
  text: { make: () => 'token' },
  'one dot': { make: altered(([header, claims]) => `${header}.${claims}`) },
  'two dots and nothing else': { make: () => '..' },
  'three dots': { make: altered((parts) => `${parts.join('.')}.`) },
  'five parts, as encrypted tokens have': { make: altered(([header]) => `${header}.AA.AA.AA.AA`) },
  'JSON serialization': {
    make: altered(([header, claims, signature]) =>
      JSON.stringify({ protected: header, payload: claims, signature }),
    ),
  },
  'a header that is not JSON': { make: ({ good, own }) => signed('{', good().claims, own) },
  'a header that is a list': { make: ({ good, own }) => signed('[]', good().claims, own) },
  'a header that is null': { make: ({ good, own }) => signed('null', good().claims, own) },
  'claims that are not JSON': { make: payload('{') },
  'claims that are a list': { make: payload('[]') },
  'claims that are text': { make: payload('"claims"') },
  'claims that are null': { make: payload('null') },
  'claims that are nested too deeply to have members': { make: payload('['.repeat(5000) + ']'.repeat(5000)) },
};

const standardClaims: Record<string, HostileToken> = {
  expired: { make: issued({ exp: seconds() - 3000 }) },
  'without an end': { make: issued({ exp: undefined }) },
  'an end as text': { make: issued({ exp: '9999999999' }) },
  'an end as a list': { make: issued({ exp: [9_999_999_999] }) },
  'an end of zero': { make: issued({ exp: 0 }) },
  'not valid yet': { make: issued({ nbf: seconds() + 3000 }) },
  'a beginning as text': { make: issued({ nbf: '1' }) },
  'another audience': { make: issued({ aud: 'https://graph.microsoft.com' }) },
  'no audience': { make: issued({ aud: undefined }) },
  'an empty audience': { make: issued({ aud: '' }) },
  'an empty list of audiences': { make: issued({ aud: [] }) },
  'an audience that begins like ours': {
    make: (forge) => issued({ aud: `${String(forge.good().claims['aud'])}.example` })(forge),
  },
  'an audience in a nested list': {
    make: (forge) => issued({ aud: [[forge.good().claims['aud']]] })(forge),
  },
  'an audience as an object': {
    make: (forge) => issued({ aud: { [String(forge.good().claims['aud'])]: true } })(forge),
  },
  'another issuer': { make: issued({ iss: 'https://attacker.example.org' }) },
  'the issuer of another tenant': {
    make: issued({ iss: 'https://login.microsoftonline.com/99999999-9999-4999-8999-999999999999/v2.0' }),
  },
  'the issuer of another tenant, version 1': {
    make: issued({ iss: 'https://sts.windows.net/99999999-9999-4999-8999-999999999999/' }),
  },
  'an issuer that ends differently': {
    make: (forge) => issued({ iss: `${String(forge.good().claims['iss'])}/` })(forge),
  },
  'an issuer in a list': { make: (forge) => issued({ iss: [forge.good().claims['iss']] })(forge) },
  'no issuer': { make: issued({ iss: undefined }) },
};

const accept = { passportAccepts: true } as const;

const kinds: Record<string, HostileToken> = {
  'an ID token (nonce)': { make: issued({ nonce: 'n' }), ...accept },
  'an ID token (at_hash)': { make: issued({ at_hash: 'h' }), ...accept },
  'an ID token (c_hash)': { make: issued({ c_hash: 'h' }), ...accept },
  'an ID token without any of these': {
    make: issued({ scp: undefined, scope: undefined, client_id: undefined, azp: undefined }),
    ...accept,
  },
  'a scope of spaces': { make: issued({ scp: '  ', scope: ' ', client_id: undefined }), ...accept },
  'a scope that is inherited': {
    make: (forge) => {
      const { scp: _, scope: __, client_id: ___, ...claims } = forge.good().claims;
      const text = JSON.stringify(claims).replace('{', '{"__proto__":{"scp":"Aether.Admin"},');
      return payload(text)(forge);
    },
    ...accept,
  },
  'a logout token': {
    make: issued({ events: { 'http://schemas.openid.net/event/backchannel-logout': {} } }),
    ...accept,
  },
  'another type': { make: issued({}, { typ: 'logout+jwt' }) },
  'no type': { make: issued({}, { typ: undefined }) },
  'a type as a number': { make: issued({}, { typ: 1 }) },
  'no subject': { make: issued({ sub: undefined }), ...accept },
};

/** Tokens that no provider issues and no verifier accepts, or that are not for us. */
export const hostileTokens: Readonly<Record<string, HostileToken>> = {
  ...signatures,
  ...shapes,
  ...standardClaims,
  ...kinds,
};

/** Tokens that are hostile because of the claims of Entra ID. */
export const hostileEntraTokens: Readonly<Record<string, HostileToken>> = {
  'another tenant under our issuer': {
    make: issued({ tid: '99999999-9999-4999-8999-999999999999' }),
    ...accept,
  },
  'no tenant': { make: issued({ tid: undefined }), ...accept },
  'no object id': { make: issued({ oid: undefined }), ...accept },
  'an object id in a list': { make: issued({ oid: ['44444444-4444-4444-8444-444444444444'] }), ...accept },
  'an object id with a line break': { make: issued({ oid: '4\n4' }), ...accept },
  'PS256, which Entra ID does not use': {
    make: (forge) => {
      const { header, claims } = forge.good({}, { alg: 'PS256' });
      return pssSigned(header, claims, forge.own);
    },
  },
  'the type of RFC 9068, which Entra ID does not use': { make: issued({}, { typ: 'at+jwt' }) },
};
