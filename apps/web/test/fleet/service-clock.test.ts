import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runStream } from '../../src/fleet/stream.ts';
import { ServiceClock } from '../../src/fleet/service-clock.ts';

const start = Date.UTC(2026, 0, 14, 9, 30);
const hour = 3_600_000;
const sse = (now: number): Response =>
  new Response(
    `event: hello\ndata: ${JSON.stringify({ streamId: 's', version: 'a.1', now: new Date(now).toISOString() })}\n\n`,
  );

test('a service clock is the browser’s clock until the service reports its time', () => {
  const clock = new ServiceClock(() => start);
  expect(clock.now()).toBe(start);
  clock.set(Number.NaN);
  expect(clock.now()).toBe(start);
});

test('a service clock continues from the time set, and notifies its listeners', () => {
  let browser = start + hour;
  const clock = new ServiceClock(() => browser);
  let calls = 0;
  const end = clock.subscribe(() => (calls += 1));
  clock.set(start);
  expect([clock.now(), calls]).toEqual([start, 1]);
  browser += 5000;
  expect(clock.now()).toBe(start + 5000);
  end();
  clock.set(start);
  expect(calls).toBe(1);
});

test('with any browser clock, the measured time is off by at most half a round trip', async () => {
  const offset = fc.integer({ min: -10 * 24 * hour, max: 10 * 24 * hour });
  const leg = fc.integer({ min: 0, max: 5000 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(offset, leg, leg), { minLength: 1, maxLength: 4 }),
      async (attempts) => {
        let [service, browserAhead] = [start, 0];
        const clock = new ServiceClock(() => service + browserAhead);
        const left = [...attempts];
        const beyond: number[] = [];
        const stop = new AbortController();
        let [outward, back] = [0, 0];
        // The browser's clock is set to something else before the stream is opened again.
        const next = (): void => void ([browserAhead, outward, back] = left.shift() ?? [0, 0, 0]);
        next();
        await runStream(
          {
            ports: {
              now: clock.now,
              random: () => 0,
              signedIn: () => Promise.resolve(),
              wait: () => {
                if (left.length === 0) stop.abort();
                else next();
                return Promise.resolve();
              },
              open: () => {
                return Promise.resolve().then(() => {
                  service += outward;
                  const hello = sse(service);
                  service += back;
                  return hello;
                });
              },
            },
            cursor: () => null,
            onStatus: () => undefined,
            onMessages: (messages) => {
              for (const message of messages) if (message.type === 'hello') clock.set(message.now);
              // A failed expectation here would look like a lost connection.
              beyond.push(Math.abs(clock.now() - service) - (outward + back) / 2);
            },
          },
          stop.signal,
        );
        expect(beyond).toHaveLength(attempts.length);
        expect(Math.max(...beyond)).toBeLessThanOrEqual(0);
      },
    ),
    { numRuns: 100 },
  );
});
