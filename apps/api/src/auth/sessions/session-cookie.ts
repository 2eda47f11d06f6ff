import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Secret } from '../../config/secret.ts';
import { SealedBox } from './sealed-box.ts';
import type { SessionClaims } from './session.ts';

/** The name of the session cookie. The prefix `__Host-` binds it to this host and to TLS (RFC 6265bis, 4.1.3.2). */
export const sessionCookieName = '__Host-aether-session';

/** The maximum length of the cookie's value. Proxies commonly limit all headers together to 8 kB. */
export const maxSessionCookieLength = 2048;

/** The content of the cookie. Its names are short to keep the cookie small. */
const Content = Type.Object({
  v: Type.Literal(1),
  k: Type.Union([Type.Literal('oidc'), Type.Literal('account')]),
  i: Type.String(),
  p: Type.Optional(Type.String()),
  n: Type.String(),
  u: Type.String(),
  s: Type.String(),
  o: Type.Optional(Type.String()),
  g: Type.Array(Type.String()),
  m: Type.Optional(Type.String()),
  x: Type.Optional(Type.Literal(1)),
  a: Type.Number(),
  r: Type.Number(),
  e: Type.Number(),
});
const content = Compile(Content);

/** A session cookie that was opened. */
export interface OpenedSessionCookie {
  readonly claims: SessionClaims;
  /** True if it was sealed with the newest key. */
  readonly isNewestKey: boolean;
}

/** Seals and opens session cookies. They contain no token of the provider. */
export class SessionCookies {
  readonly #box: SealedBox;

  constructor(secrets: readonly Secret[] | null) {
    this.#box = new SealedBox(secrets, 'session');
  }

  /** @throws RangeError if the cookie would be too long for browsers and proxies. */
  async seal(claims: SessionClaims): Promise<string> {
    const sealed = await this.#box.seal(toContent(claims));
    if (sealed.length > maxSessionCookieLength) {
      throw new RangeError(`The session cookie would have ${sealed.length} characters.`);
    }
    return sealed;
  }

  /** Returns the claims; null if the text is not a session cookie of this service. */
  async open(text: string): Promise<OpenedSessionCookie | null> {
    if (text.length > maxSessionCookieLength) return null;
    const opened = await this.#box.open(text);
    if (opened === null || !content.Check(opened.content)) return null;
    return { claims: toClaims(opened.content), isNewestKey: opened.isNewestKey };
  }
}

function usualPrincipalId({ issuer, subject }: Pick<SessionClaims, 'issuer' | 'subject'>): string {
  return `${issuer}#${subject}`;
}

function toContent(claims: SessionClaims): Static<typeof Content> {
  const { providerSession, stamp, principalId } = claims;
  return {
    v: 1,
    k: claims.kind,
    i: claims.id,
    ...(principalId === usualPrincipalId(claims) ? {} : { p: principalId }),
    n: claims.name,
    u: claims.issuer,
    s: claims.subject,
    ...(providerSession === null ? {} : { o: providerSession }),
    g: [...claims.grants],
    ...(stamp === '' ? {} : { m: stamp }),
    ...(claims.groupsOmitted ? { x: 1 } : {}),
    a: claims.signedInAt,
    r: claims.recheckAt,
    e: claims.endsAt,
  };
}

function toClaims({ k, i, p, n, u, s, o, g, m, x, a, r, e }: Static<typeof Content>): SessionClaims {
  return {
    kind: k,
    id: i,
    principalId: p ?? usualPrincipalId({ issuer: u, subject: s }),
    name: n,
    issuer: u,
    subject: s,
    providerSession: o ?? null,
    grants: g,
    stamp: m ?? '',
    groupsOmitted: x === 1,
    signedInAt: a,
    recheckAt: r,
    endsAt: e,
  };
}
