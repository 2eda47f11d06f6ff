import { describe, expect, test } from 'vitest';
import { keyFor } from '../../src/fleet/request-key.ts';

const now = Date.UTC(2026, 0, 2, 3, 4, 5);

describe('the idempotency key of a form', () => {
  test('a key is a UUIDv7 with the given time', () => {
    const { key } = keyFor({ name: 'APP-07' }, null, now);
    expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(Number.parseInt(key.slice(0, 8) + key.slice(9, 13), 16)).toBe(now);
  });

  test('an equal request keeps its key, and a changed request gets another one', () => {
    const first = keyFor({ name: 'APP-07' }, null, now);
    expect(keyFor({ name: 'APP-07' }, first, now + 60_000)).toEqual(first);
    expect(keyFor({ name: 'APP-08' }, first, now).key).not.toBe(first.key);
  });

  test('equal requests of two drafts have different keys', () => {
    const request = { name: 'APP-07' };
    expect(keyFor(request, null, now).key).not.toBe(keyFor(request, null, now).key);
  });
});
