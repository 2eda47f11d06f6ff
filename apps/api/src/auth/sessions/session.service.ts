import type { Role, SessionEndReason } from '@aether-v/types';
import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Cancel, Clock } from '../../common/clock.ts';
import type { Config } from '../../config/settings.ts';
import { clearCookie, cookiesOf, setCookie } from '../cookies.ts';
import type { CredentialEnds } from '../credential-ends.ts';
import type { ProviderSessions } from './denied-sessions.ts';
import { SessionCookies, sessionCookieName, type OpenedSessionCookie } from './session-cookie.ts';
import { SessionRechecks, unconfirmed } from './session-rechecks.ts';
import { SessionRegistry } from './session-registry.ts';
import type { SessionSource } from './session-source.ts';
import type { Session, SessionClaims, SessionClient, SessionLimits, SignedIn } from './session.ts';

const cookieRules = { sameSite: 'Strict' } as const;

/** The interval between sweeps for sessions that have passed a limit, in milliseconds. */
const sweepMs = 60_000;

/** The maximum length of the User-Agent that is kept. */
const maxUserAgentLength = 200;

/** Dependencies of the service. */
export interface SessionServiceOptions {
  readonly config: Pick<Config, 'sessionSecretKeys' | 'sessionIdleMinutes' | 'sessionMaxHours'>;
  readonly clock: Clock;
  readonly ends: CredentialEnds;
  readonly sources: readonly SessionSource[];
}

/** The session of a request's cookie, or the reason why it has ended. */
export type ResolvedSession = { readonly session: Session } | { readonly ended: SessionEndReason };

/** Begins sessions of people, reads and renews their cookies, and ends them. */
export class SessionService implements BeforeApplicationShutdown {
  readonly limits: SessionLimits;
  readonly #options: SessionServiceOptions;
  readonly #cookies: SessionCookies;
  readonly #registry: SessionRegistry;
  readonly #rechecks: SessionRechecks;
  #cancelSweep: Cancel | undefined;

  constructor(options: SessionServiceOptions) {
    const { config, ends, sources } = options;
    this.#options = options;
    this.#cookies = new SessionCookies(config.sessionSecretKeys);
    this.limits = { idleMs: config.sessionIdleMinutes * 60_000, maxMs: config.sessionMaxHours * 3_600_000 };
    this.#registry = new SessionRegistry(this.limits, ({ id }, reason) => {
      for (const source of sources) source.release(id);
      if (reason !== null) ends.end(id);
    });
    this.#rechecks = new SessionRechecks({ ...options, registry: this.#registry });
  }

  /** False if people cannot sign in. */
  get hasSources(): boolean {
    return this.#options.sources.length > 0;
  }

  /** Begins the session of a person who has signed in, and sets its cookie. */
  async start(person: SignedIn, request: FastifyRequest, reply: FastifyReply): Promise<Session> {
    const session = this.#registry.begin(person, clientOf(request), this.#now());
    this.#sweepLater();
    await this.#setCookie(session, reply);
    return session;
  }

  /**
   * Reads the session cookie of a request, rechecks the session if that is due, and renews the cookie.
   *
   * @param isUse True if a person has caused the request, which restarts the idle time.
   * @returns Null if the request has no session cookie.
   * @throws ProblemError if the session must be confirmed and its source cannot be reached.
   */
  async resolve(
    request: FastifyRequest,
    reply: FastifyReply,
    isUse: boolean,
  ): Promise<ResolvedSession | null> {
    const text = cookiesOf(request).get(sessionCookieName);
    if (text === undefined || text === '') return null;
    const cookie = await this.#cookies.open(text);
    // The cookie was sealed with a key that is no longer configured, or by another service on this host.
    if (cookie === null) return { ended: 'renew' };
    const admitted = await this.#admit(cookie.claims, request);
    if ('ended' in admitted) return admitted;
    const { id } = admitted.session;
    const used = isUse ? this.#registry.use(id, clientOf(request), this.#now()) : this.#registry.get(id);
    // Another request has ended it in the meantime.
    if (used === undefined) return { ended: 'signed-out' };
    if (isOutdated(cookie, used)) await this.#setCookie(used, reply);
    return { session: used };
  }

  /** Returns the session that the request's cookie names, even if it has ended. */
  async claimsOf(request: FastifyRequest): Promise<SessionClaims | null> {
    const cookie = await this.#cookies.open(cookiesOf(request).get(sessionCookieName) ?? '');
    return cookie?.claims ?? null;
  }

  /** Makes the browser delete its session cookie. */
  clearCookie(reply: FastifyReply): void {
    clearCookie(reply, sessionCookieName, cookieRules);
  }

  /** Returns the known sessions of a principal, the last used first. */
  sessionsOf(principalId: string): Session[] {
    return this.#registry.sessionsOf(principalId, this.#now());
  }

  /** Ends a session together with its streams. */
  end(session: Pick<SessionClaims, 'id' | 'endsAt'>, reason: SessionEndReason): void {
    this.#registry.end(session, reason, this.#now());
  }

  /** Ends the sessions that the provider reports as ended. @returns Those that were known. */
  endOfProvider(ended: ProviderSessions): readonly Session[] {
    return this.#registry.endOfProvider(ended, this.#now());
  }

  /** Returns a known session. */
  get(id: string): Session | undefined {
    return this.#registry.get(id);
  }

  /** Returns the roles of a session under the current settings. */
  rolesOf(session: SessionClaims): readonly Role[] {
    return this.#options.sources.find(({ kind }) => kind === session.kind)?.rolesOf(session) ?? [];
  }

  beforeApplicationShutdown(): void {
    this.#cancelSweep?.();
  }

  async #admit(claims: SessionClaims, request: FastifyRequest): Promise<ResolvedSession> {
    const admission = this.#registry.admit(claims, clientOf(request), this.#now());
    this.#sweepLater();
    if ('ended' in admission) return admission;
    const { session, state } = admission;
    if (state === 'unconfirmed') throw unconfirmed();
    if (state === 'valid') return { session };
    const checking = this.#rechecks.run(session);
    if (state === 'grace') {
      // Until then the last confirmed roles apply. Later requests get the error themselves.
      void checking.catch(() => undefined);
      return { session };
    }
    const checked = await checking;
    return typeof checked === 'string' ? { ended: checked } : { session: checked };
  }

  async #setCookie(session: Session, reply: FastifyReply): Promise<void> {
    setCookie(reply, sessionCookieName, await this.#cookies.seal(session), cookieRules);
  }

  /** Schedules the end of sessions that pass a limit without another request, so that their streams and tokens end too. */
  #sweepLater(): void {
    if (this.#registry.size === 0) return;
    this.#cancelSweep ??= this.#options.clock.schedule(sweepMs, () => {
      this.#cancelSweep = undefined;
      this.#registry.sweep(this.#now());
      this.#sweepLater();
    });
  }

  #now(): number {
    return this.#options.clock.now();
  }
}

function isOutdated({ claims, isNewestKey }: OpenedSessionCookie, session: Session): boolean {
  return session.recheckAt > claims.recheckAt || !isNewestKey;
}

function clientOf({ ip, headers }: FastifyRequest): SessionClient {
  return { address: ip, userAgent: (headers['user-agent'] ?? '').slice(0, maxUserAgentLength) };
}
