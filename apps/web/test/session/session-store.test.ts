import type { Me } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import { lowestRoleWith } from '../../src/session/permissions.ts';
import { nextState, type SessionState } from '../../src/session/session-state.ts';
import { SessionStore } from '../../src/session/session-store.ts';
import { makeMe, noOne, signedIn } from '../fake-api/me.ts';

const someone = makeMe();
const other = makeMe({ principal: { ...signedIn, id: 'account:bob', permissions: [] } });
const signedOut = makeMe({ ...noOne, ended: 'idle' });

/** A store whose service gives these answers in turn, the last for ever. */
function storeOf(...answers: readonly (Me | Error)[]) {
  const left = [...answers];
  const log: string[] = [];
  let hear = (): void => undefined;
  const store = new SessionStore({
    readMe() {
      const next = left.length > 1 ? left.shift() : left[0];
      return next instanceof Error || next === undefined
        ? Promise.reject(next ?? new Error())
        : Promise.resolve(next);
    },
    wait(ms) {
      log.push(`wait ${ms}`);
      return Promise.resolve();
    },
    random: () => 1,
    tell: () => void log.push('tell'),
    listen: (listener) => void (hear = listener),
    reload: () => void log.push('reload'),
  });
  return { store, log, hear: () => hear() };
}

describe('the state of the session', () => {
  const loading: SessionState = { phase: 'loading', error: null };

  test('no one was signed in when the page was opened: the sign-in page is shown', () => {
    expect(nextState(loading, signedOut)).toEqual({ phase: 'signed-out', me: signedOut });
  });

  test('a session that ends during work leaves the page as it is, with the reason', () => {
    const state = nextState({ phase: 'signed-in', me: { ...someone, principal: signedInMe() } }, signedOut);
    expect(state).toMatchObject({ phase: 'ended', reason: 'idle', me: { principal: { id: 'account:ada' } } });
  });

  test('the same person continues after signing in again, another person gets a new page', () => {
    const ended = nextState({ phase: 'signed-in', me: { ...someone, principal: signedInMe() } }, signedOut);
    if (ended === 'other-person') throw new Error('unexpected');
    expect(nextState(ended, someone)).toMatchObject({ phase: 'signed-in' });
    expect(nextState(ended, other)).toBe('other-person');
    expect(nextState({ phase: 'signed-in', me: { ...someone, principal: signedInMe() } }, other)).toBe(
      'other-person',
    );
  });

  function signedInMe(): NonNullable<Me['principal']> {
    return { ...signedIn, permissions: [...signedIn.permissions] };
  }
});

describe('the session of a page', () => {
  test('asks with exponential backoff until the service answers', async () => {
    const { store, log } = storeOf(new Error('refused'), new Error('refused'), signedOut);
    await store.check();
    expect(store.state()).toEqual({ phase: 'signed-out', me: signedOut });
    expect(log).toEqual(['wait 500', 'wait 1000']);
  });

  test('concurrent checks share one request', async () => {
    const { store } = storeOf(someone, signedOut);
    await Promise.all([store.check(), store.check(), store.check()]);
    expect(store.state().phase).toBe('signed-in');
  });

  test('tells other windows of a new sign-in, but not of a repeated answer', async () => {
    const { store, log, hear } = storeOf(someone);
    await store.check();
    hear();
    await store.checkAgain();
    expect(log).toEqual(['tell']);
  });

  test('a message of another window ends the session here as well', async () => {
    const { store, hear } = storeOf(someone, signedOut);
    await store.check();
    hear();
    await store.checkAgain();
    expect(store.state().phase).toBe('ended');
  });

  test('reloads the page if another person has signed in', async () => {
    const { store, log } = storeOf(someone, other);
    await store.check();
    await store.check();
    expect(log).toEqual(['tell', 'reload']);
  });

  test('the stream waits until someone who may view the fleet has signed in', async () => {
    const { store } = storeOf(
      signedOut,
      { ...someone, principal: { ...signedIn, permissions: [] } },
      someone,
    );
    let isReady = false;
    const ready = store.signedIn(new AbortController().signal).then(() => (isReady = true));
    await store.check();
    await store.check();
    expect(isReady).toBe(false);
    await store.check();
    await ready;
  });
});

test('the lowest role with a permission is named', () => {
  expect([lowestRoleWith('view'), lowestRoleWith('power'), lowestRoleWith('audit')]).toEqual([
    'reader',
    'writer',
    'admin',
  ]);
});
