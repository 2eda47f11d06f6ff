import type { FastifyReply, FastifyRequest } from 'fastify';
import { describe, expect, test } from 'vitest';
import { LoginAttempts } from '../../../src/auth/oidc/login-attempts.ts';
import { FakeClock } from '../../support/fake-clock.ts';

/** Begins sign-ins one after the other in a browser. @returns Its cookies. */
async function begin(states: readonly string[], returnTo: string): Promise<ReadonlyMap<string, string>> {
  const attempts = new LoginAttempts(null, new FakeClock());
  const jar = new Map<string, string>();
  const reply = {
    header(_name: string, line: string) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') jar.delete(name);
      else jar.set(name, value);
    },
  } as unknown as FastifyReply;
  for (const state of states) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const attempt = {
      verifier: 'v'.repeat(43),
      nonce: 'n'.repeat(43),
      redirectUri: 'https://a',
      replaces: null,
    };
    const request = { headers: { cookie } } as FastifyRequest;
    await attempts.begin(state, { ...attempt, returnTo }, request, reply);
  }
  return jar;
}

const states = Array.from({ length: 12 }, (_, n) => String(n).padStart(43, 's'));

describe('sign-ins that have begun in one browser', () => {
  test('are several, so that several tabs can sign in at once', async () => {
    const jar = await begin(states, '/vms');
    expect(jar.size).toBeGreaterThan(3);
    expect([...jar.keys()].at(-1)).toContain(states.at(-1));
  });

  test('never fill the headers of requests, however long their return paths are', async () => {
    const jar = await begin(states, `/${'a'.repeat(1023)}`);
    const length = [...jar].reduce((sum, [name, value]) => sum + name.length + value.length, 0);
    expect(length).toBeLessThan(5000);
    expect(jar.size).toBeGreaterThan(1);
  });
});
