import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Clock } from '../../common/clock.ts';
import type { Secret } from '../../config/secret.ts';
import { clearCookie, cookiesOf, setCookie } from '../cookies.ts';
import { SealedBox } from '../sessions/sealed-box.ts';

/** The time that a sign-in at the provider may take, in seconds. */
const maxAge = 900;

/** The maximum number of attempts in one browser; the oldest are given up, so that the request headers stay short. */
const maxAttempts = 8;

const prefix = '__Host-aether-login-';

/** Lax, because the provider returns the browser from another site, where strict cookies are not sent. */
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
    const earlier = [...cookiesOf(request).keys()].filter((name) => name.startsWith(prefix));
    // Browsers send the oldest first (RFC 6265, 5.4).
    for (const name of earlier.slice(0, Math.max(0, earlier.length - maxAttempts + 1))) {
      clearCookie(reply, name, rules);
    }
    const until = this.#clock.now() + maxAge * 1000;
    setCookie(reply, prefix + state, await this.#box.seal({ ...attempt, state, until }), {
      ...rules,
      maxAge,
    });
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
