import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { psObject, type PsValue } from '../../src/clixml/index.ts';
import {
  emptyGuid,
  encodeErrorRecord,
  encodeFragment,
  encodeMessage,
  type MessageType,
} from '../../src/core/index.ts';
import { RunspacePool } from '../../src/client/index.ts';
import { createPsrpShell, type OutputSink } from '../../src/server/index.ts';
import { LoopbackTransport } from './support/loopback-transport.ts';

type Write = (type: MessageType, payload: PsValue, from?: string) => Promise<void>;

/** A host that opens pools in order, and whose pipelines write what a test says. */
async function hostile(onCommand: (write: Write, id: string, output: OutputSink) => unknown) {
  const honest = createPsrpShell({ commands: {} });
  const transport = new LoopbackTransport({
    open: async (opening) => {
      const shell = await honest.open(opening);
      return {
        send: (stream, data) => shell.send(stream, data),
        close: () => shell.close(),
        command: ({ output, commandId }) => {
          const id = commandId.toLowerCase();
          const write: Write = async (type, payload, from = id) => {
            for (const fragment of fragments(from, type, payload)) await output.write(fragment);
          };
          void onCommand(write, id, output);
          return Promise.resolve({ send: () => Promise.resolve(), signal: () => Promise.resolve() });
        },
      };
    },
  });
  return { transport, pool: await RunspacePool.open(transport, { maxRunspaces: 5 }) };
}

let objectId = 1_000_000n;

/** A message of a host in fragments of 32 kB. */
function* fragments(pipelineId: string, type: MessageType, payload: PsValue): Generator<Uint8Array> {
  const bytes = encodeMessage({ destination: 'client', type, poolId: emptyGuid, pipelineId, payload });
  objectId += 1n;
  for (let index = 0; index * 32_768 < bytes.length; index += 1) {
    const blob = bytes.subarray(index * 32_768, (index + 1) * 32_768);
    const end = (index + 1) * 32_768 >= bytes.length;
    yield encodeFragment({ objectId, fragmentId: BigInt(index), start: index === 0, end, blob });
  }
}

const completed = psObject({ PipelineState: 4 });
const megabyte = 'x'.repeat(1_048_576);
const run = { command: 'Get-Anything' };

describe('a host that violates the protocol', () => {
  test('with output in another pipeline’s stream fails the pipeline of that stream only', async () => {
    const ids: string[] = [];
    const go = Promise.withResolvers<undefined>();
    const { pool } = await hostile(async (write, id) => {
      ids.push(id);
      if (ids.length === 2) return write('PIPELINE_OUTPUT', 'for the other', ids[0]);
      await go.promise;
      await write('PIPELINE_OUTPUT', 'its own');
      return write('PIPELINE_STATE', completed);
    });
    const [first, second] = [pool.invoke(run).collect(), pool.invoke(run)];
    await expect(second.completed).rejects.toMatchObject({ code: 'message-unexpected' });
    go.resolve(undefined);
    expect((await first).output).toEqual(['its own']);
    await pool.close();
  });

  test('with the end of a command before its pipeline fails the pipeline only', async () => {
    const { pool, transport } = await hostile((_write, _id, output) => output.end());
    await expect(pool.invoke(run).collect()).rejects.toMatchObject({ code: 'transport-ended' });
    expect(transport.count('terminate')).toBe(1);
    expect(pool.state).toBe('Opened');
    await pool.close();
  });

  test('with output after the end is ignored', async () => {
    const { pool } = await hostile((write) =>
      Promise.all([
        write('PIPELINE_OUTPUT', 'before'),
        write('PIPELINE_STATE', completed),
        write('PIPELINE_OUTPUT', 'after'),
        write('PIPELINE_STATE', psObject({ PipelineState: 5 })),
      ]),
    );
    const { output, state } = await pool.invoke(run).collect();
    expect([output, state]).toEqual([['before'], 'Completed']);
    await pool.close();
  });

  test('with large unread objects is held up after a few', async () => {
    const written: number[] = [];
    const { pool } = await hostile(async (write) => {
      for (let index = 0; index < 8; index += 1) {
        await write('PIPELINE_OUTPUT', megabyte);
        written.push(index);
      }
      await write('PIPELINE_STATE', completed);
    });
    const pipeline = pool.invoke(run, { highWaterMark: 262_144 });
    await pipeline.output.next();
    for (let turn = 0; turn < 500; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(written.length).toBeLessThan(5);
    let count = 1;
    for await (const _ of pipeline.output) count += 1;
    expect(count).toBe(8);
    await pool.close();
  });

  test('with very large errors does not fill the memory', async () => {
    const error = encodeErrorRecord({ message: megabyte, fullyQualifiedErrorId: 'Large' });
    const { pool } = await hostile(async (write) => {
      for (let index = 0; index < 20; index += 1) await write('ERROR_RECORD', error);
      await write('PIPELINE_STATE', completed);
    });
    const { errors, errorCount } = await pool.invoke(run).collect();
    expect(errorCount).toBe(20);
    expect(errors.length).toBeLessThan(18);
    await pool.close();
  });

  test('with endless host calls is disconnected from', async () => {
    const call = psObject({ ci: 1n, mi: 11, mp: null });
    const { pool, transport } = await hostile(async (write) => {
      for (let index = 0; index < 2000; index += 1) await write('PIPELINE_HOST_CALL', call);
    });
    transport.send = () => new Promise(() => undefined);
    await expect(pool.invoke(run).completed).rejects.toMatchObject({ code: 'message-unexpected' });
    await pool.close();
  });
});

describe('a caller', () => {
  test('who aborts an opening does not wait for the host', async () => {
    const transport = new LoopbackTransport({ open: () => new Promise(() => undefined) });
    transport.close = () => new Promise(() => undefined);
    const controller = new AbortController();
    const open = transport.open.bind(transport);
    transport.open = async (opening) => {
      setImmediate(() => controller.abort(new Error('too slow')));
      void open(opening);
      await new Promise((_resolve, reject) =>
        controller.signal.addEventListener('abort', () => reject(controller.signal.reason as Error)),
      );
    };
    await expect(RunspacePool.open(transport, { signal: controller.signal })).rejects.toThrow('too slow');
  });

  test('who uses an id twice causes no harm', async () => {
    const id = randomUUID();
    const go = Promise.withResolvers<undefined>();
    const { pool, transport } = await hostile(async (write) => {
      await go.promise;
      await write('PIPELINE_OUTPUT', 'first');
      await write('PIPELINE_STATE', completed);
    });
    const first = pool.invoke(run, { id }).collect();
    await expect(pool.invoke(run, { id }).completed).rejects.toMatchObject({ code: 'invalid-state' });
    expect(transport.count('terminate')).toBe(0);
    go.resolve(undefined);
    expect((await first).output).toEqual(['first']);
    await pool.close();
  });
});
