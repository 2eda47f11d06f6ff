import { describe, expect, test } from 'vitest';
import { LoadPace, loadPacing } from '../../../src/host-adapter/limits/load-pace.ts';
import { FakeClock } from '../../support/fake-clock.ts';

function paced(): { clock: FakeClock; take: (address?: string) => number | null } {
  const clock = new FakeClock();
  const pace = new LoadPace(clock, () => 1);
  const take = (address = 'hv1'): number | null => {
    try {
      pace.take(address);
      return null;
    } catch (error) {
      expect(error).toMatchObject({ code: 'host-unavailable', began: false });
      return (error as { retryAfterSeconds: number }).retryAfterSeconds;
    }
  };
  return { clock, take };
}

describe('transfers of the agent’s text to a host', () => {
  test('four are immediate, then waits double up to a quarter of an hour', async () => {
    const { clock, take } = paced();
    for (let number = 0; number < loadPacing.free; number++) expect(take()).toBeNull();
    const waits: number[] = [];
    for (let number = 0; number < 7; number++) {
      const wait = take() ?? 0;
      waits.push(wait);
      await clock.advance(wait * 1000 - 1);
      expect(take()).toBe(1);
      await clock.advance(1);
      expect(take()).toBeNull();
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900]);
  });

  test('a host whose sessions break all day receives at most 100, and a log of 15 MB covers five hours', async () => {
    const { clock, take } = paced();
    let sent = 0;
    for (let second = 0; second < 24 * 3600; second += 15) {
      if (take() === null) sent++;
      await clock.advance(15_000);
    }
    expect(sent).toBeLessThan(100 + loadPacing.free);
    // 0.65 MB each, as Windows keeps it.
    expect((sent / 24) * 5 * 0.65).toBeLessThan(15);
  });

  test('other hosts do not wait, and the counter restarts after an hour', async () => {
    const { clock, take } = paced();
    for (let number = 0; number < loadPacing.free; number++) take();
    expect(take('hv2')).toBeNull();
    expect(take()).not.toBeNull();
    await clock.advance(loadPacing.forgetAfter);
    for (let number = 0; number < loadPacing.free; number++) expect(take()).toBeNull();
  });
});
