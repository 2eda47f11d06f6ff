import { describe, expect, test } from 'vitest';
import { RefusedStrangers } from '../../src/audit/refused-strangers.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { MemoryAudit } from '../support/memory-audit.ts';

function started(): { strangers: RefusedStrangers; audit: MemoryAudit; clock: FakeClock } {
  const audit = new MemoryAudit();
  const clock = new FakeClock();
  return { audit, clock, strangers: new RefusedStrangers(audit, clock) };
}

describe('refused requests of strangers', () => {
  test('refused requests of strangers become one record per address at the end of the minute', async () => {
    const { strangers, audit, clock } = started();
    for (let n = 0; n < 500; n += 1) strangers.count('192.0.2.1');
    strangers.count('2001:db8::1');
    strangers.count('2001:db8::2');
    await clock.advance(59_000);
    expect(audit.entries).toEqual([]);
    await clock.advance(1000);
    expect(audit.entries).toMatchObject([
      {
        action: 'request.refused',
        clientIp: '192.0.2.1',
        details: '500 requests since 2026-01-01T00:00:00.000Z',
      },
      { clientIp: '2001:db8:0:0::/64', details: '2 requests since 2026-01-01T00:00:00.000Z' },
    ]);
    expect(audit.entries[0]).toMatchObject({ status: 'refused', actor: { id: null, name: 'anonymous' } });
  });

  test('refusals of the next minute are recorded separately, and a minute without refusals has no record', async () => {
    const { strangers, audit, clock } = started();
    strangers.count('192.0.2.1');
    await clock.advance(300_000);
    expect(clock.waiting).toBe(0);
    strangers.count('192.0.2.1');
    await clock.advance(60_000);
    expect(audit.entries.map(({ details }) => details)).toEqual([
      '1 request since 2026-01-01T00:00:00.000Z',
      '1 request since 2026-01-01T00:05:00.000Z',
    ]);
  });

  test('are recorded before the minute ends if the service stops', () => {
    const { strangers, audit, clock } = started();
    strangers.count('192.0.2.1');
    strangers.flush();
    strangers.flush();
    expect(audit.entries).toHaveLength(1);
    expect(clock.waiting).toBe(0);
  });

  test('refused requests of more than a thousand addresses share one record', () => {
    const { strangers, audit } = started();
    for (let n = 0; n < 5000; n += 1) strangers.count(`10.0.${n >> 8}.${n & 255}`);
    strangers.flush();
    expect(audit.entries).toHaveLength(1001);
    expect(audit.entries.at(-1)).toMatchObject({
      clientIp: null,
      details: '4000 requests of further addresses since 2026-01-01T00:00:00.000Z',
    });
  });
});
