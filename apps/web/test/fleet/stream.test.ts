import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StreamMessage } from '../../src/fleet/stream-messages.ts';
import { runStream, type StreamPorts, type StreamStatus } from '../../src/fleet/stream.ts';

const hello = 'event: hello\ndata: {"streamId":"s1","version":"a.1","now":"2026-01-01T00:00:00.000Z"}\n\n';
const answer = (...chunks: string[]): Response => new Response(new Blob(chunks).stream());

/** Runs a stream over these answers and ends it at the wait after the last. */
async function run(answers: readonly (Response | Error)[]): Promise<{
  statuses: StreamStatus[];
  messages: StreamMessage[];
  waits: number[];
  asked: (string | null)[];
}> {
  const stop = new AbortController();
  const seen = {
    statuses: [] as StreamStatus[],
    messages: [] as StreamMessage[],
    waits: [] as number[],
    asked: [] as (string | null)[],
  };
  const left = [...answers];
  let time = 0;
  let cursor: string | null = 'a.1';
  const ports: StreamPorts = {
    open(from) {
      seen.asked.push(from);
      const next = left.shift();
      return next instanceof Response ? Promise.resolve(next) : Promise.reject(next ?? new Error('no more'));
    },
    wait(ms) {
      seen.waits.push(ms);
      time += ms;
      if (left.length === 0) stop.abort();
      return Promise.resolve();
    },
    signedIn: () => Promise.resolve(),
    now: () => time,
    random: () => 1,
  };
  await runStream(
    {
      ports,
      cursor: () => cursor,
      onStatus: (status) => seen.statuses.push(status),
      onMessages(messages) {
        seen.messages.push(...messages);
        for (const message of messages) if (message.type === 'change') cursor = message.event.version;
      },
    },
    stop.signal,
  );
  return seen;
}

test('the stream is unreachable from the first loss until the next hello, and reports since when', async () => {
  const { statuses } = await run([
    new Error('refused'),
    new Error('refused'),
    answer(hello),
    new Error('refused'),
  ]);
  expect(statuses).toEqual([
    { state: 'connecting', since: 0 },
    { state: 'unreachable', since: 0 },
    { state: 'unreachable', since: 0 },
    { state: 'live', since: 1500 },
    { state: 'unreachable', since: 1500 },
    { state: 'unreachable', since: 1500 },
  ]);
});

test('half the round trip is added to the time in the service’s hello', async () => {
  let time = 500;
  const stop = new AbortController();
  const heard: StreamMessage[] = [];
  const ports: StreamPorts = {
    open: () => {
      time += 300;
      return Promise.resolve(answer(hello));
    },
    wait: () => {
      stop.abort();
      return Promise.resolve();
    },
    signedIn: () => Promise.resolve(),
    now: () => time,
    random: () => 1,
  };
  const onMessages = (messages: readonly StreamMessage[]): void => void heard.push(...messages);
  await runStream({ ports, cursor: () => null, onStatus: () => undefined, onMessages }, stop.signal);
  expect(heard).toMatchObject([{ type: 'hello', now: Date.UTC(2026, 0, 1) + 150 }]);
});

test('the stream resumes from the last event received', async () => {
  const row = 'id: a.9\nevent: deleted\ndata: {"kind":"vm","id":"x"}\n\n';
  const { asked, messages } = await run([answer(hello, row), answer(hello)]);
  expect(asked).toEqual(['a.1', 'a.9']);
  expect(messages.map(({ type }) => type)).toEqual(['hello', 'change', 'hello']);
});

test('the same events are read wherever the chunks are split', async () => {
  const row = ': ping\n\nid: a.9\r\nevent: deleted\r\ndata: {"kind":"vm",\r\ndata: "id":"ä"}\r\n\r\n';
  const bytes = new TextEncoder().encode(
    `${hello}${row}event: unknown\ndata: {}\n\ndata: {"unfinished":1}\n`,
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: bytes.length }), { maxLength: 12 }), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
        start(controller) {
          for (const [index, end] of at.slice(1).entries()) controller.enqueue(bytes.slice(at[index], end));
          controller.close();
        },
      });
      const { messages } = await run([new Response(stream)]);
      expect(messages).toEqual([
        { type: 'hello', streamId: 's1', version: 'a.1', now: Date.UTC(2026, 0, 1) },
        { type: 'change', event: { type: 'deleted', version: 'a.9', kind: 'vm', id: 'ä' } },
      ]);
    }),
  );
});

test('reconnects with exponential backoff, which restarts after a good connection', async () => {
  const refused = new Error('refused');
  const { waits } = await run([refused, refused, refused, answer(hello), refused]);
  expect(waits).toEqual([500, 1000, 2000, 500, 1000]);
});

test('a response that is not a stream is not a connection', async () => {
  const { statuses } = await run([new Response('busy', { status: 503 })]);
  expect(statuses.map(({ state }) => state)).toEqual(['connecting', 'unreachable']);
});

test('text that is not JSON ends the connection but not the loop', async () => {
  const { statuses } = await run([answer('event: row\ndata: {\n\n'), answer(hello)]);
  expect(statuses.map(({ state }) => state)).toEqual(['connecting', 'unreachable', 'live', 'unreachable']);
});

test('a refused stream waits for a sign-in instead of retrying, and resumes after it', async () => {
  const stop = new AbortController();
  const log: string[] = [];
  const answers = [401, 401, 403];
  await runStream(
    {
      ports: {
        open() {
          const status = answers.shift();
          return Promise.resolve(status === undefined ? answer(hello) : new Response('', { status }));
        },
        signedIn() {
          log.push('asked to sign in');
          return Promise.resolve();
        },
        wait(ms) {
          log.push(`wait ${ms}`);
          if (log.includes('live')) stop.abort();
          return Promise.resolve();
        },
        now: () => 0,
        random: () => 1,
      },
      cursor: () => null,
      onStatus: ({ state }) => void log.push(state),
      onMessages: () => undefined,
    },
    stop.signal,
  );
  expect(log).toEqual([
    'connecting',
    ...['signed-out', 'asked to sign in'],
    // The service may refuse someone whom it has just signed in; it is not asked in a loop.
    ...['signed-out', 'asked to sign in', 'wait 1000'],
    ...['signed-out', 'asked to sign in', 'wait 2000'],
    'live',
    'unreachable',
    'wait 500',
  ]);
});
