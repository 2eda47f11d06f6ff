import { Logger } from '@nestjs/common';
import { beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ProviderKeys } from '../../../src/auth/bearer/provider-keys.ts';
import { ProviderError } from '../../../src/auth/oidc/provider-error.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const issuer = 'https://idp.example.org';
const minute = 60_000;
const day = 24 * 60 * minute;

/** The two documents of a provider; a missing one makes the request fail. */
let documents: Record<string, Record<string, unknown>>;
let requests: string[];
let clock: FakeClock;

const key = (kid: string) => ({ kty: 'RSA', kid, n: 'AQAB', e: 'AQAB' });

function publish(...kids: readonly string[]): void {
  documents = {
    [`${issuer}/.well-known/openid-configuration`]: { issuer, jwks_uri: `${issuer}/jwks` },
    [`${issuer}/jwks`]: { keys: kids.map(key) },
  };
}

beforeAll(() => Logger.overrideLogger(false));

beforeEach(() => {
  clock = new FakeClock();
  requests = [];
  publish('first');
});

function startKeys(issuers: [string, ...string[]] = [issuer]): ProviderKeys {
  const provider = {
    readJson: (address: string | URL) => {
      requests.push(String(address).replace(issuer, ''));
      const document = documents[String(address)];
      return document === undefined
        ? Promise.reject(new ProviderError(`${String(address)} cannot be reached.`))
        : Promise.resolve(document);
    },
  };
  const keys = new ProviderKeys(provider, clock, issuers);
  onTestFinished(() => keys.stop());
  return keys;
}

async function kidsOf(keys: ProviderKeys, kid = 'first'): Promise<readonly (string | undefined)[] | null> {
  const set = await keys.current(kid);
  return set === null ? null : set.keys.map((one) => one.kid);
}

/** How often the keys were asked for. */
const fetches = (): number => requests.filter((path) => path === '/.well-known/openid-configuration').length;

describe('the keys of a provider', () => {
  test('are found through its discovery document, once for all who wait', async () => {
    const keys = startKeys();
    keys.start();
    const found = await Promise.all([kidsOf(keys), kidsOf(keys), kidsOf(keys, 'unknown')]);
    expect(found).toEqual([['first'], ['first'], ['first']]);
    expect(requests).toEqual(['/.well-known/openid-configuration', '/jwks']);
  });

  test('are the same object until they change', async () => {
    const keys = startKeys();
    const before = await keys.current('first');
    await clock.advance(30 * minute);
    expect(fetches()).toBe(4);
    expect(await keys.current('first')).toBe(before);
    publish('second');
    await clock.advance(10 * minute);
    expect(await kidsOf(keys, 'second')).toEqual(['second']);
  });

  test('are fetched again for an unknown key id, once a minute at most', async () => {
    const keys = startKeys();
    expect(await kidsOf(keys)).toEqual(['first']);
    publish('first', 'second');
    await clock.advance(minute - 1);
    expect(await kidsOf(keys, 'second')).toEqual(['first']);
    await clock.advance(1);
    expect(await kidsOf(keys, 'second')).toEqual(['first', 'second']);
    for (let attempt = 0; attempt < 50; attempt += 1) await kidsOf(keys, `made-up-${attempt}`);
    expect(fetches()).toBe(2);
  });

  test('drop a withdrawn key within ten minutes', async () => {
    const keys = startKeys();
    keys.start();
    expect(await kidsOf(keys)).toEqual(['first']);
    publish('second');
    await clock.advance(10 * minute);
    expect(await kidsOf(keys)).toEqual(['second']);
  });

  test('outlive an outage of the provider by a day, and no longer', async () => {
    const keys = startKeys();
    keys.start();
    expect(await kidsOf(keys)).toEqual(['first']);
    documents = {};
    await clock.advance(day - minute);
    expect(await kidsOf(keys)).toEqual(['first']);
    await clock.advance(2 * minute);
    expect(await kidsOf(keys)).toBeNull();
    publish('second');
    await clock.advance(minute);
    expect(await kidsOf(keys, 'second')).toEqual(['second']);
  });

  test('are found once a provider that is down at the start returns', async () => {
    documents = {};
    const keys = startKeys();
    keys.start();
    expect(await kidsOf(keys)).toBeNull();
    publish('first');
    expect(await kidsOf(keys)).toBeNull();
    await clock.advance(5000);
    expect(await kidsOf(keys)).toEqual(['first']);
  });

  test('of a provider that is not asked for tokens return without a request', async () => {
    documents = {};
    const keys = startKeys();
    keys.start();
    await clock.advance(minute);
    publish('first');
    await clock.advance(minute);
    const before = fetches();
    expect(await kidsOf(keys)).toEqual(['first']);
    expect(fetches()).toBe(before);
  });

  test('are missed in the log once an outage, not every minute', async () => {
    const warn = vi.spyOn(Logger.prototype, 'warn').mockReturnValue(undefined);
    onTestFinished(() => warn.mockRestore());
    const keys = startKeys();
    keys.start();
    await kidsOf(keys);
    for (const round of [1, 2]) {
      documents = {};
      await clock.advance(60 * minute);
      publish('first');
      await clock.advance(10 * minute);
      expect(warn).toHaveBeenCalledTimes(round);
    }
    expect(warn).toHaveBeenLastCalledWith(expect.stringMatching(/cannot be reached.*valid for a day/));
  });

  test('are no longer fetched after the end', async () => {
    const keys = startKeys();
    keys.start();
    await kidsOf(keys);
    keys.stop();
    await clock.advance(day);
    expect(fetches()).toBe(1);
  });

  test('of an issuer with a path are found below it', async () => {
    const realm = `${issuer}/realms/main/`;
    documents[`${issuer}/realms/main/.well-known/openid-configuration`] = {
      issuer: realm,
      jwks_uri: `${issuer}/jwks`,
    };
    expect(await kidsOf(startKeys([realm]))).toEqual(['first']);
  });

  test.each([
    ['another issuer', { issuer: 'https://attacker.example.org', jwks_uri: `${issuer}/jwks` }],
    ['an issuer with another ending', { issuer: `${issuer}/`, jwks_uri: `${issuer}/jwks` }],
    ['no issuer', { jwks_uri: `${issuer}/jwks` }],
    ['no address of keys', { issuer }],
    ['an unusable address of keys', { issuer, jwks_uri: 'keys' }],
  ])('are not taken from a discovery document with %s', async (_, document) => {
    documents[`${issuer}/.well-known/openid-configuration`] = document;
    expect(await kidsOf(startKeys())).toBeNull();
  });

  test.each([
    ['no list', { keys: {} }],
    ['an empty list', { keys: [] }],
    ['too many keys', { keys: Array.from({ length: 101 }, (_, at) => key(String(at))) }],
    ['only symmetric keys', { keys: [{ kty: 'oct', kid: 'first', k: 'AQAB' }] }],
    ['only private keys', { keys: [{ ...key('first'), d: 'AQAB' }] }],
    ['only encryption keys', { keys: [{ ...key('first'), use: 'enc' }] }],
    [
      'entries that are no keys',
      { keys: [null, 'key', 1, [], { kid: 'first' }, { ...key('first'), kid: 1 }] },
    ],
  ])('are not taken from a key set with %s', async (_, set) => {
    documents[`${issuer}/jwks`] = set;
    expect(await kidsOf(startKeys())).toBeNull();
  });

  test('keys without a declared use are accepted', async () => {
    const { use: _, ...undeclared } = { use: 'sig', ...key('first') };
    documents[`${issuer}/jwks`] = { keys: [undeclared] };
    expect(await kidsOf(startKeys())).toEqual(['first']);
  });

  test('keep the last good ones when the key set becomes unusable', async () => {
    const keys = startKeys();
    keys.start();
    await kidsOf(keys);
    documents[`${issuer}/jwks`] = { keys: 'none' };
    await clock.advance(10 * minute);
    expect(await kidsOf(keys)).toEqual(['first']);
  });
});
