import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Clock } from '../../common/clock.ts';
import type { Secret } from '../../config/secret.ts';
import { clearCookie, cookiesOf, setCookie } from '../cookies.ts';
import { SealedBox } from '../sessions/sealed-box.ts';

/** The time that a sign-in at the provider may take, in seconds. */
const maxAge = 900;

/** The maximum number of attempts in one browser; the oldest are given up. */
const maxAttempts = 8;

/**
 * The maximum length of their cookies together: proxies commonly limit a header to 8 kB, and a link to our sign-in must
 * not make every request too long.
 */
const maxLength = 4500;

const prefix = '__Host-aether-login-';

/** Lax, because browsers do not send strict cookies when the provider's site redirects to the callback. */
const rules = { sameSite: 'Lax' } as const;

const Content = Type.Object({
  verifier: Type.String(),
  nonce: Type.String(),
  redirectUri: Type.String(),
  returnTo: Type.String(),
  /** The session that the sign-in replaces. */
  replaces: Type.Union([Type.Object({ id: Type.String(), endsAt: Type.Number() }), Type.Null()]),
});
const content = Compile(Type.Object({ ...Content.properties, state: Type.String(), until: Type.Number() }));

/** A sign-in that has begun in a browser. */
export type LoginAttempt = Static<typeof Content>;

/** Sign-ins that have begun, each in a cookie named by its state, so that two tabs can sign in at once. */
export class LoginAttempts {
  readonly #box: SealedBox;
  readonly #clock: Clock;

  constructor(secrets: readonly Secret[] | null, clock: Clock) {
    this.#box = new SealedBox(secrets, 'login attempt');
    this.#clock = clock;
  }

  async begin(
    state: string,
    attempt: LoginAttempt,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const until = this.#clock.now() + maxAge * 1000;
    const sealed = await this.#box.seal({ ...attempt, state, until });
    const name = prefix + state;
    for (const surplus of surplusOf(request, name.length + sealed.length)) clearCookie(reply, surplus, rules);
    setCookie(reply, name, sealed, { ...rules, maxAge });
  }

  /** Returns the attempt with this state and deletes its cookie; null if this browser has none, or too old a one. */
  async take(state: string, request: FastifyRequest, reply: FastifyReply): Promise<LoginAttempt | null> {
    const name = prefix + state;
    const text = cookiesOf(request).get(name);
    if (text === undefined) return null;
    clearCookie(reply, name, rules);
    const opened = await this.#box.open(text);
    if (opened === null || !content.Check(opened.content)) return null;
    const { content: attempt } = opened;
    return attempt.state === state && this.#clock.now() < attempt.until ? attempt : null;
  }
}

/** Returns the names of earlier attempts to give up for a new one whose cookie has this length. */
function surplusOf(request: FastifyRequest, length: number): string[] {
  const earlier = [...cookiesOf(request)].filter(([name]) => name.startsWith(prefix));
  let total = length;
  // Browsers send the oldest first (RFC 6265, 5.4).
  return earlier.toReversed().flatMap(([name, value], at) => {
    total += name.length + value.length;
    return at < maxAttempts - 1 && total <= maxLength ? [] : [name];
  });
}
