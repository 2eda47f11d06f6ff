import { describe, expect, test } from 'vitest';
import { Limiter } from '../../../src/host-adapter/limits/limiter.ts';
import { settle } from '../../support/fake-clock.ts';

const never = new AbortController().signal;

describe('Limiter', () => {
  test('limits concurrency and admits in FIFO order', async () => {
    const limiter = new Limiter(2);
    const admitted: number[] = [];
    const releases = new Map<number, () => void>();
    for (const number of [1, 2, 3, 4]) {
      void limiter.acquire(never).then((release) => {
        admitted.push(number);
        releases.set(number, release);
      });
    }
    await settle();
    expect(admitted).toEqual([1, 2]);
    releases.get(2)?.();
    releases.get(2)?.();
    await settle();
    expect(admitted).toEqual([1, 2, 3]);
    expect(limiter.taken).toBe(2);
  });

  test('removes aborted waits', async () => {
    const limiter = new Limiter(1);
    const release = await limiter.acquire(never);
    const impatient = new AbortController();
    const waiting = limiter.acquire(impatient.signal);
    impatient.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await expect(limiter.acquire(impatient.signal)).rejects.toThrow('enough');
    release();
    await settle();
    expect(limiter.taken).toBe(0);
  });
});
