import { expect, test } from 'vitest';
import { RunspacePool, wsmanTransport } from '../../src/client/index.ts';
import { until } from '../server/harness.ts';
import { memory } from '../support/memory.ts';
import { hostAuthenticator, startHost } from './host.ts';

const megabyte = 1_048_576;
const maxEnvelopeSize = 153_600;
/** What may wait by default. */
const highWaterMark = 262_144;
const blockBytes = 16_384;
const blockCount = (100 * megabyte) / blockBytes;

test('100 MB for a slow reader take little memory, and are only requested as they are read', async () => {
  const progress = { received: 0, read: 0 };
  /** How far reading was behind receiving whenever the host was asked for more. */
  const asked: (typeof progress)[] = [];
  await using host = await startHost(({ action, commandId }, next) => {
    if (action === 'receive' && commandId !== undefined) asked.push({ ...progress });
    return next();
  });
  const transport = wsmanTransport({
    url: host.url,
    authenticator: hostAuthenticator,
    maxEnvelopeSize,
  });
  const receive = transport.receive.bind(transport);
  transport.receive = async function* (id, signal) {
    for await (const chunk of receive(id, signal)) {
      if (id !== undefined) progress.received += chunk.length;
      yield chunk;
    }
  };
  await using pool = await RunspacePool.open(transport);
  const run = (Count: number) => {
    progress.received = progress.read = asked.length = 0;
    return pool.invoke({ command: 'Get-Blocks', parameters: { Size: blockBytes, Count } });
  };
  // What a block takes on the wire: the end of a pipeline takes something too.
  const received: number[] = [];
  for (const count of [10, 20]) {
    await run(count).collect();
    received.push(progress.received);
  }
  const blockSize = ((received[1] ?? 0) - (received[0] ?? 0)) / 10;
  const behind = ({ received, read }: typeof progress): number => received - read * blockSize;

  const start = await memory();
  let peak = start;
  let length = 0;
  let over = false;
  const pipeline = run(blockCount);
  void pipeline.completed.then(() => (over = true));
  for await (const value of pipeline.output) {
    length += typeof value === 'string' ? value.length : 0;
    progress.read += 1;
    if (progress.read % 640 === 0) peak = Math.max(peak, await memory());
    // So slow a reader that the host is held up before each few blocks.
    if (progress.read % 8 === 0) await until(() => over || behind(progress) >= highWaterMark);
  }
  expect(length).toBe(100 * megabyte);
  expect(peak - start).toBeLessThanOrEqual(64 * megabyte);
  expect(asked.length).toBeGreaterThan((100 * megabyte) / 32_768);
  const most = Math.max(...asked.map(behind));
  expect(most).toBeLessThanOrEqual(2 * maxEnvelopeSize);
  expect(most).toBeGreaterThan(maxEnvelopeSize);
}, 60_000);
