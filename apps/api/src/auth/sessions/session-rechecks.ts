import type { SessionEndReason } from '@aether-v/types';
import { Logger } from '@nestjs/common';
import type { Clock } from '../../common/clock.ts';
import { ProblemError } from '../../problems/problem-error.ts';
import type { CredentialEnds } from '../credential-ends.ts';
import type { SessionRegistry } from './session-registry.ts';
import type { SessionSource } from './session-source.ts';
import { graceMs, retryMs, type Session } from './session.ts';

/** Dependencies of rechecks. */
export interface RecheckOptions {
  readonly registry: SessionRegistry;
  readonly sources: readonly SessionSource[];
  readonly ends: CredentialEnds;
  readonly clock: Clock;
}

/** Has sessions confirmed by their sources. */
export class SessionRechecks {
  readonly #log = new Logger('Sessions');
  readonly #options: RecheckOptions;
  /** Rechecks in progress, by session. */
  readonly #running = new Map<string, Promise<Session | SessionEndReason>>();

  constructor(options: RecheckOptions) {
    this.#options = options;
  }

  /**
   * Has a session confirmed. Concurrent requests share one call, because a provider may accept a token only once.
   *
   * @returns The session with its current roles, or the reason why it has ended.
   * @throws ProblemError if the source cannot be reached and the grace period is over.
   */
  run(session: Session): Promise<Session | SessionEndReason> {
    const { id } = session;
    let running = this.#running.get(id);
    if (running === undefined) {
      running = this.#ask(session).finally(() => this.#running.delete(id));
      this.#running.set(id, running);
    }
    return running;
  }

  async #ask(session: Session): Promise<Session | SessionEndReason> {
    const { registry, clock } = this.#options;
    const source = this.#options.sources.find(({ kind }) => kind === session.kind);
    // There is no source if this kind of sign-in is no longer configured.
    const answer = (await source?.recheck(session)) ?? { outcome: 'refused' };
    const now = clock.now();
    if (source === undefined || answer.outcome === 'refused') return this.#end(session, 'refused');
    if (answer.outcome === 'impossible') return this.#end(session, 'renew');
    // Its source would confirm it although its owner may have signed out before a restart.
    if (answer.outcome === 'confirmed' && session.isAdopted) return this.#end(session, 'renew');
    if (answer.outcome === 'unreachable') {
      this.#log.warn(`The session of ${session.principalId} cannot be confirmed: ${answer.detail}`);
      const postponed = registry.postpone(session.id, now);
      if (now >= session.recheckAt + graceMs) throw unconfirmed();
      return postponed ?? 'signed-out';
    }
    const confirmed = registry.confirm(session.id, answer, now);
    if (confirmed === undefined) return 'signed-out';
    // Open streams keep the permissions that they began with, so they must reconnect.
    if (rolesText(source, session) !== rolesText(source, confirmed)) this.#options.ends.end(session.id);
    return confirmed;
  }

  #end(session: Session, reason: SessionEndReason): SessionEndReason {
    this.#options.registry.end(session, reason, this.#options.clock.now());
    return reason;
  }
}

/** Returns the problem of a session that could not be confirmed for longer than the grace period. */
export function unconfirmed(): ProblemError {
  return new ProblemError(
    'provider-unavailable',
    'The identity provider cannot be reached, so your session cannot be confirmed. It continues when the provider responds again. Try again in a minute.',
    { retryAfterSeconds: retryMs / 1000 },
  );
}

function rolesText(source: SessionSource, session: Session): string {
  return source.rolesOf(session).toSorted().join();
}
