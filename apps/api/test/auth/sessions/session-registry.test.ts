import fc from 'fast-check';
import type { SessionEndReason } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import { SessionRegistry } from '../../../src/auth/sessions/session-registry.ts';
import {
  graceMs,
  recheckMs,
  retryMs,
  type Session,
  type SessionClaims,
} from '../../../src/auth/sessions/session.ts';
import { browser, claims, issuer, person } from './people.ts';

const hour = 3_600_000;
const limits = { idleMs: 2 * hour, maxMs: 8 * hour };

function registry(): { registry: SessionRegistry; gone: [string, SessionEndReason | null][] } {
  const gone: [string, SessionEndReason | null][] = [];
  return { gone, registry: new SessionRegistry(limits, ({ id }, reason) => gone.push([id, reason])) };
}

/** The state that a registry reports for a cookie. */
function verdict(sessions: SessionRegistry, cookie: SessionClaims, now: number): string {
  const admission = sessions.admit(cookie, browser, now);
  return 'ended' in admission ? `ended: ${admission.ended}` : admission.state;
}

describe('a session', () => {
  test('is valid until its recheck time, then due', () => {
    const { registry: sessions } = registry();
    const session = sessions.begin(person(), browser, 0);
    expect(verdict(sessions, session, recheckMs - 1)).toBe('valid');
    expect(verdict(sessions, session, recheckMs)).toBe('due');
  });

  test('is valid with an earlier cookie once it is confirmed, and has its new grants', () => {
    const { registry: sessions } = registry();
    const cookie = sessions.begin(person(), browser, 0);
    sessions.confirm(cookie.id, { name: 'Ann', grants: ['Aether.Admin'], groupsOmitted: false }, recheckMs);
    const admission = sessions.admit(cookie, browser, recheckMs + 1);
    expect(admission).toMatchObject({ state: 'valid', session: { grants: ['Aether.Admin'] } });
  });

  test.each([
    ['before the next attempt', recheckMs + retryMs - 1, 'valid'],
    ['at the next attempt', recheckMs + retryMs, 'grace'],
    ['after the grace period, at the next attempt', recheckMs + graceMs, 'due'],
  ])('whose source cannot be reached is %s %i ms old: %s', (_, now, state) => {
    const { registry: sessions } = registry();
    const session = sessions.begin(person(), browser, 0);
    sessions.postpone(session.id, recheckMs);
    expect(verdict(sessions, session, now)).toBe(state);
  });

  test('is unconfirmed after the grace period until the next attempt', () => {
    const { registry: sessions } = registry();
    const session = sessions.begin(person(), browser, 0);
    sessions.postpone(session.id, recheckMs + graceMs);
    expect(verdict(sessions, session, recheckMs + graceMs + 1)).toBe('unconfirmed');
    sessions.confirm(session.id, session, recheckMs + graceMs + 2);
    expect(verdict(sessions, session, recheckMs + graceMs + 3)).toBe('valid');
  });

  test('ends when it is unused for too long, and stays ended', () => {
    const { registry: sessions, gone } = registry();
    const session = sessions.begin(person(), browser, 0);
    sessions.use(session.id, browser, hour);
    expect(verdict(sessions, session, hour + limits.idleMs - 1)).toBe('due');
    expect(verdict(sessions, session, hour + limits.idleMs)).toBe('ended: idle');
    expect(verdict(sessions, session, hour)).toBe('ended: idle');
    expect(gone).toEqual([[session.id, 'idle']]);
  });

  test('a session ends at its absolute limit, even if it is in use', () => {
    const { registry: sessions } = registry();
    const session = sessions.begin(person(), browser, 0);
    for (let now = 0; now < limits.maxMs; now += hour) {
      sessions.use(session.id, browser, now);
      sessions.confirm(session.id, session, now);
    }
    expect(verdict(sessions, session, limits.maxMs - 1)).not.toContain('ended');
    expect(verdict(sessions, session, limits.maxMs)).toBe('ended: limit');
  });

  test('that passes a limit without a request is ended by a sweep', () => {
    const { registry: sessions, gone } = registry();
    const session = sessions.begin(person(), browser, 0);
    sessions.sweep(limits.idleMs - 1);
    expect(gone).toEqual([]);
    sessions.sweep(limits.idleMs);
    expect(gone).toEqual([[session.id, 'idle']]);
  });
});

describe('a cookie of an earlier start', () => {
  test('is accepted until its recheck time', () => {
    const { registry: sessions } = registry();
    expect(verdict(sessions, claims(), 599_999)).toBe('valid');
    expect(verdict(sessions, claims(), 600_000)).toBe('due');
    expect(sessions.sessionsOf(`${issuer}#ann`, 600_000)).toHaveLength(1);
  });

  test('is refused after the session was signed out, although it was not known', () => {
    const { registry: sessions } = registry();
    sessions.end(claims(), 'signed-out', 1);
    expect(verdict(sessions, claims(), 2)).toBe('ended: signed-out');
  });
});

describe('the end of a session at the provider', () => {
  const byPerson = { issuer, subject: 'ann', providerSession: null };

  test('ends all earlier sessions of the person, known or not, and no later one', () => {
    const { registry: sessions } = registry();
    const known = sessions.begin(person(), browser, 1);
    const other = sessions.begin(person({ subject: 'bob' }), browser, 1);
    sessions.endOfProvider(byPerson, 5);
    expect(verdict(sessions, known, 6)).toBe('ended: signed-out');
    expect(verdict(sessions, claims({ signedInAt: 2 }), 6)).toBe('ended: signed-out');
    expect(verdict(sessions, other, 6)).toBe('valid');
    expect(verdict(sessions, sessions.begin(person(), browser, 6), 7)).toBe('valid');
  });

  test('ends only the named session of the person', () => {
    const { registry: sessions } = registry();
    const one = sessions.begin(person({ providerSession: 'a' }), browser, 1);
    const other = sessions.begin(person({ providerSession: 'b' }), browser, 1);
    sessions.endOfProvider({ issuer, subject: 'ann', providerSession: 'a' }, 5);
    expect([verdict(sessions, one, 6), verdict(sessions, other, 6)]).toEqual(['ended: signed-out', 'valid']);
  });

  test('concerns only sessions of the same issuer', () => {
    const { registry: sessions } = registry();
    const session = sessions.begin(person({ issuer: 'https://other.example.org' }), browser, 1);
    sessions.endOfProvider(byPerson, 5);
    expect(verdict(sessions, session, 6)).toBe('valid');
  });
});

describe('the bounds', () => {
  test('a person has at most 50 sessions: the least used ends', () => {
    const { registry: sessions, gone } = registry();
    const all = Array.from({ length: 51 }, (_, at) => sessions.begin(person(), browser, at));
    expect(gone).toEqual([[all[0]?.id, 'limit']]);
    expect(sessions.size).toBe(50);
  });

  test('beyond 10,000 sessions the least used is forgotten, and its cookie holds until its recheck time', () => {
    const { registry: sessions, gone } = registry();
    const first = sessions.begin(person({ subject: 'first' }), browser, 0);
    for (let at = 1; at <= 10_000; at += 1)
      sessions.begin(person({ subject: String(at), principalId: String(at) }), browser, 1);
    expect(sessions.size).toBe(10_000);
    expect(gone).toEqual([[first.id, null]]);
    expect(verdict(sessions, first, 2)).toBe('valid');
  });
});

test('no order of events revives a session or lets it pass a limit', () => {
  const event = fc.record({
    kind: fc.constantFrom('admit', 'use', 'confirm', 'postpone', 'end', 'sweep', 'provider'),
    wait: fc.integer({ min: 0, max: hour }),
  });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const { registry: sessions, gone } = registry();
      const session: Session = sessions.begin(person(), browser, 0);
      let now = 0;
      let used = 0;
      let ended = false;
      for (const { kind, wait } of events) {
        now += wait;
        if (kind === 'use' && sessions.use(session.id, browser, now) !== undefined) used = now;
        if (kind === 'confirm') sessions.confirm(session.id, session, now);
        if (kind === 'postpone') sessions.postpone(session.id, now);
        if (kind === 'sweep') sessions.sweep(now);
        if (kind === 'end') sessions.end(session, 'refused', now);
        if (kind === 'provider')
          sessions.endOfProvider({ issuer, subject: 'ann', providerSession: null }, now);
        const isOver = now >= limits.maxMs || now >= used + limits.idleMs;
        if (kind === 'admit') {
          const admission = sessions.admit(session, browser, now);
          expect('ended' in admission).toBe(ended || isOver);
          if ('ended' in admission) ended = true;
          else expect(admission.session.recheckAt).toBeLessThanOrEqual(now + recheckMs);
        }
        if (kind === 'end' || kind === 'provider' || (kind === 'sweep' && isOver)) ended = true;
      }
      expect(gone.length).toBeLessThanOrEqual(1);
    }),
  );
});
