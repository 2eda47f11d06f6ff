import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fragmentHeaderSize, PsrpError } from '../../src/core/index.ts';
import {
  FragmentsTooLargeError,
  RunspacePool,
  type RequestObservation,
  type SendStream,
  type TransportOpening,
} from '../../src/client/index.ts';
import { createPsrpShell, type CommandHandler, type Interceptor } from '../../src/server/index.ts';
import { faultEnvelope, WsmanFault } from '../../src/wsman/index.ts';
import { Harness } from '../server/harness.ts';
import { failure, never, opened, transportTo } from './connect.ts';
import { LoopbackTransport } from './support/loopback-transport.ts';

const seed = Number(process.env['AETHER_SEED']);

const commands: Record<string, CommandHandler> = {
  'Copy-Input': async (context) => {
    for await (const value of context.input) await context.write(value);
    for (const value of context.parameters.values()) await context.write(value);
  },
};
const shell = () => createPsrpShell({ commands });

/** A host that takes no more than so many bytes of fragments in a call; the client's budget is halved as it learns that. */
class NarrowTransport extends LoopbackTransport {
  readonly #limit: number;
  refused = 0;

  constructor(limit: number, budget: number) {
    super(shell(), { fragment: budget });
    this.#limit = limit;
  }

  override open(opening: TransportOpening): Promise<void> {
    this.#check(opening.creation);
    return super.open(opening);
  }

  override createCommand(id: string, args: Uint8Array, signal: AbortSignal): Promise<void> {
    this.#check(args);
    return super.createCommand(id, args, signal);
  }

  override send(stream: SendStream, data: Uint8Array, id: string | undefined): Promise<void> {
    this.#check(data);
    return super.send(stream, data, id);
  }

  #check(data: Uint8Array): void {
    expect(data.length).toBeLessThanOrEqual(this.maxFragmentSize.other);
    if (data.length <= this.#limit) return;
    this.refused += 1;
    const half = Math.floor(data.length / 2);
    this.maxFragmentSize = { first: half, other: half };
    throw new FragmentsTooLargeError(new Error(`more than ${this.#limit} bytes`));
  }
}

describe('objects for a host with unknown limits', () => {
  test(`arrive once and in order (seed ${seed})`, async () => {
    const texts = fc.array(fc.integer({ min: 0, max: 6_000 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 2 * fragmentHeaderSize + 1, max: 12_000 }),
        fc.integer({ min: 100, max: 16_000 }),
        texts,
        fc.integer({ min: 0, max: 9_000 }),
        async (limit, budget, sizes, parameter) => {
          const transport = new NarrowTransport(limit, budget);
          await using pool = await RunspacePool.open(transport);
          const input = sizes.map((size, index) => `${index}:${'x'.repeat(size)}`);
          const Value = `p:${'y'.repeat(parameter)}`;
          const { output } = await pool
            .invoke({ command: 'Copy-Input', parameters: { Value } }, { input })
            .collect();
          expect(output).toEqual([...input, Value]);
          expect(transport.refused).toBeLessThanOrEqual(Math.ceil(Math.log2(budget)));
        },
      ),
      { numRuns: 300, seed },
    );
  }, 120_000);

  test.each([9_000, 20_000, 75_000, 150_000])(
    'arrive over WS-Management with MaxEnvelopeSize %i',
    async (maxEnvelopeSize) => {
      await using harness = await Harness.start({ backend: shell(), maxEnvelopeSize });
      const seen: RequestObservation[] = [];
      const transport = transportTo(harness, { onRequest: (request) => seen.push(request) });
      await using pool = await RunspacePool.open(transport, {
        applicationArguments: 'z'.repeat(40_000),
        maxRunspaces: 3,
      });
      const runs = [200_000, 10, 90_000].map(async (size, run) => {
        const input = Array.from({ length: 3 }, (_, index) => `${run}.${index}:${'x'.repeat(size)}`);
        const Value = 'y'.repeat(size);
        const pipeline = pool.invoke({ command: 'Copy-Input', parameters: { Value } }, { input });
        expect((await pipeline.collect()).output).toEqual([...input, Value]);
      });
      await Promise.all(runs);
      const refused = seen.filter(({ status }) => status === 413);
      expect(refused.every(({ requestBytes }) => requestBytes > maxEnvelopeSize)).toBe(true);
      // Each length is tried at most once by each of the calls that were under way.
      expect(refused.length).toBeLessThanOrEqual(4 * 5);
      const accepted = seen.filter(({ status }) => status === 200).map(({ requestBytes }) => requestBytes);
      expect(Math.max(...accepted)).toBeLessThanOrEqual(maxEnvelopeSize);
    },
    60_000,
  );
});

describe('a request that is too long however it is split', () => {
  const refusing =
    (refused: string): Interceptor =>
    async ({ action, response }, next) => {
      if (action !== refused) return next();
      const fault = faultEnvelope(
        WsmanFault.of('encodingLimit'),
        { messageId: randomUUID(), relatesTo: '' },
        'h',
      );
      response.writeHead(500, { 'content-type': 'application/soap+xml;charset=UTF-8' }).end(fault);
      return Promise.resolve(undefined);
    };

  test.each(['create', 'command', 'send'])('%s ends in a specific error', async (action) => {
    await using harness = await Harness.start({ backend: shell(), intercept: refusing(action) });
    const seen: string[] = [];
    const transport = transportTo(harness, { onRequest: (request) => seen.push(request.action) });
    const run = async (): Promise<void> => {
      await using pool = await RunspacePool.open(transport);
      await pool
        .invoke({ command: 'Copy-Input' }, { input: ['x'.repeat(100_000)], stopTimeoutMs: 100 })
        .collect();
    };
    const error = await failure(run());
    expect(error).toMatchObject({ code: 'too-large', started: false, fault: { known: 'encodingLimit' } });
    expect(error.message).toContain('accepts no request of');
    // 153,600 down to 8,192 by halves.
    expect(seen.filter((name) => name === action).length).toBeLessThanOrEqual(6);
    expect(harness.listener.shellCount).toBe(0);
  });

  test('limits the length of all later requests of the transport', async () => {
    await using harness = await Harness.start({ maxEnvelopeSize: 10_000 });
    const { transport } = await opened(harness);
    const { first } = transport.maxFragmentSize;
    const id = randomUUID();
    await expect(transport.createCommand(id, Buffer.alloc(first), never)).rejects.toBeInstanceOf(
      FragmentsTooLargeError,
    );
    expect(transport.maxFragmentSize.other).toBeLessThan(first / 2 + 1_000);
    await transport.close();
  });
});

describe('an object beyond the endpoint’s limit', () => {
  test.each([
    ['as a parameter', { parameters: { Value: 'x'.repeat(5_000) } }, {}],
    ['as input', {}, { input: ['small', 'x'.repeat(5_000)] }],
  ])('%s fails its pipeline, and the pool continues', async (_, parts, options) => {
    const transport = new LoopbackTransport(shell());
    await using pool = await RunspacePool.open(transport, { maxSentObjectSize: 4_096 });
    const failed = pool.invoke({ command: 'Copy-Input', ...parts }, options).completed;
    await expect(failed).rejects.toThrow(PsrpError);
    await expect(failed).rejects.toMatchObject({ code: 'object-too-large' });
    const after = await pool.invoke({ command: 'Copy-Input', parameters: { Value: 'after' } }).collect();
    expect(after.output).toEqual(['after']);
  });

  test('as arguments of the pool is not sent', async () => {
    const transport = new LoopbackTransport(shell());
    const opening = RunspacePool.open(transport, {
      maxSentObjectSize: 4_096,
      applicationArguments: 'x'.repeat(5_000),
    });
    await expect(opening).rejects.toMatchObject({ code: 'object-too-large' });
    expect(transport.calls).toEqual(['close']);
  });
});
