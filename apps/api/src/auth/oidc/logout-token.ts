import { jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import type { Clock } from '../../common/clock.ts';
import type { ProviderSessions } from '../sessions/denied-sessions.ts';
import { keptText } from './person-of-claims.ts';
import { ProviderError } from './provider-error.ts';

/** The age beyond which a logout token is refused, in seconds, and the tolerated difference between the clocks. */
const maxAge = 300;
const clockTolerance = 60;

/** The maximum number of token ids that are remembered. */
const maxTokenIds = 10_000;

const logoutEvent = 'http://schemas.openid.net/event/backchannel-logout';

const LogoutClaims = Compile(
  Type.Object({
    jti: Type.String({ minLength: 1, maxLength: 255 }),
    iat: Type.Number(),
    sub: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    sid: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 })),
    events: Type.Object({ [logoutEvent]: Type.Object({}) }),
  }),
);

/** A logout token is refused; the message gives the reason. */
export class LogoutTokenError extends Error {
  override readonly name = 'LogoutTokenError';
}

/** The provider and this client, as logout tokens name them. */
export interface LogoutTokenOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clock: Clock;
}

/** Verifies logout tokens (OpenID Connect Back-Channel Logout 1.0, 2.6). */
export class LogoutTokens {
  readonly #options: LogoutTokenOptions;
  /** Ids of accepted tokens with the time until which they would be accepted, the oldest first. */
  readonly #used = new Map<string, number>();

  constructor(options: LogoutTokenOptions) {
    this.#options = options;
  }

  /** Returns the sessions that a token ends. @throws LogoutTokenError if it must be refused. */
  async verify(token: string, keys: JWTVerifyGetKey): Promise<ProviderSessions> {
    const { issuer } = this.#options;
    const claims = await this.#verified(token, keys);
    // Logout tokens have no nonce (2.4), so that ID tokens cannot be used as such.
    if (claims['nonce'] !== undefined) throw new LogoutTokenError('The token has a nonce.');
    if (!LogoutClaims.Check(claims))
      throw new LogoutTokenError('The token lacks jti, iat or the logout event.');
    const { jti, sub: subject = null, sid } = claims;
    if (subject === null && sid === undefined)
      throw new LogoutTokenError('The token has neither sub nor sid.');
    this.#useOnce(jti);
    return { issuer, subject, providerSession: sid === undefined ? null : keptText(sid) };
  }

  async #verified(token: string, keys: JWTVerifyGetKey): Promise<JWTPayload> {
    const { issuer, clientId: audience, clock } = this.#options;
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience,
        typ: 'logout+jwt',
        // Signatures only: `none` and symmetric algorithms are never accepted.
        algorithms: [
          'RS256',
          'RS384',
          'RS512',
          'PS256',
          'PS384',
          'PS512',
          'ES256',
          'ES384',
          'ES512',
          'EdDSA',
          'Ed25519',
        ],
        maxTokenAge: maxAge,
        clockTolerance,
        currentDate: new Date(clock.now()),
      });
      return payload;
    } catch (error) {
      if (error instanceof ProviderError) throw error;
      throw new LogoutTokenError(error instanceof Error ? error.message : 'unknown reason', { cause: error });
    }
  }

  #useOnce(jti: string): void {
    const now = this.#options.clock.now();
    for (const [id, until] of this.#used) {
      if (until > now && this.#used.size < maxTokenIds) break;
      this.#used.delete(id);
    }
    if (this.#used.has(jti)) throw new LogoutTokenError('The token was used before.');
    this.#used.set(jti, now + (maxAge + 2 * clockTolerance) * 1000);
  }
}
