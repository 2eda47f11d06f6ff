import { getEventListeners } from 'node:events';
import { afterEach, describe, expect, test } from 'vitest';
import { psList, psObject, PsScalar, type PsValue } from '../../src/clixml/index.ts';
import { PipelineFailedError } from '../../src/core/index.ts';
import { RunspacePool, type RunspacePoolOptions } from '../../src/client/index.ts';
import { CommandError, createPsrpShell, type CommandHandler } from '../../src/server/index.ts';
import { LoopbackTransport } from './support/loopback-transport.ts';

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));

const commands: Record<string, CommandHandler> = {
  'Get-Echo': async ({ parameters, arguments: positional, write }) => {
    for (const [name, value] of parameters) await write(psObject({ name, value }));
    for (const value of positional) await write(value);
  },
  'Write-Everything': async (context) => {
    await context.write('out');
    await context.writeError({ message: 'bad', fullyQualifiedErrorId: 'Bad,Test', category: 'InvalidData' });
    await context.writeWarning('warn');
    await context.writeVerbose('verb');
    await context.writeDebug('dbg');
    await context.writeProgress({
      activity: 'act',
      activityId: 3,
      statusDescription: 'stat',
      currentOperation: undefined,
      parentActivityId: -1,
      percentComplete: 50,
      secondsRemaining: -1,
      type: 'processing',
    });
    await context.write('end');
  },
  'Stop-Here': async ({ write }) => {
    await write('before');
    throw new CommandError({ message: 'gone', fullyQualifiedErrorId: 'Gone', category: 'ObjectNotFound' });
  },
  'Wait-Ever': async ({ write, signal }) => {
    await write('started');
    await untilAborted(signal);
  },
  'Measure-Input': async ({ input, write }) => {
    let count = 0;
    for await (const value of input) {
      count += 1;
      if (count <= 3) await write(value);
    }
    await write(count);
  },
  'Write-Many': async ({ parameters, write }) => {
    const text = 'x'.repeat(1000);
    for (let index = 0; index < Number(parameters.get('count')); index += 1) await write(text);
  },
};

const transports: LoopbackTransport[] = [];

async function open(
  options: RunspacePoolOptions = {},
  sizes?: ConstructorParameters<typeof LoopbackTransport>[1],
): Promise<{ pool: RunspacePool; transport: LoopbackTransport }> {
  const transport = new LoopbackTransport(createPsrpShell({ commands }), sizes);
  transports.push(transport);
  return { pool: await RunspacePool.open(transport, { maxRunspaces: 25, ...options }), transport };
}

afterEach(async () => {
  for (const transport of transports.splice(0)) await transport.close();
});

describe('a runspace pool', () => {
  test('opens, reports the host’s properties, and closes', async () => {
    const { pool, transport } = await open();
    expect(pool.state).toBe('Opened');
    expect(pool.serverCapability?.protocolVersion).toBe('2.3');
    await pool.close();
    expect(pool.state).toBe('Closed');
    expect(await pool.ended).toBeUndefined();
    expect(transport.count('close')).toBe(1);
  });

  test('passes parameters and arguments', async () => {
    const { pool } = await open();
    const values: PsValue[] = ['text', 42, 7n, true, null, psList([1, 'two'])];
    const { output } = await pool.invoke({ command: 'get-echo', arguments: values }).collect();
    expect(output).toEqual(values);
    const named = await pool.invoke({ command: 'Get-Echo', parameters: { Request: '{"a":1}' } }).collect();
    expect(named.output).toEqual([psObject({ name: 'Request', value: '{"a":1}' })]);
  });

  test('uses one Command, one Receive and then one Signal for a warm call', async () => {
    const { pool, transport } = await open();
    transport.calls.length = 0;
    await pool.invoke({ command: 'Get-Echo', parameters: { Request: 'x' } }).collect();
    expect(transport.calls).toEqual(['command', 'receive', 'terminate']);
  });

  test('returns every stream as events and in the result', async () => {
    const { pool } = await open();
    const pipeline = pool.invoke({ command: 'Write-Everything' });
    const seen: string[] = [];
    pipeline.on('error', (record) => seen.push(`error ${record.message} ${record.category}`));
    pipeline.on('warning', ({ message }) => seen.push(`warning ${message}`));
    pipeline.on('verbose', ({ message }) => seen.push(`verbose ${message}`));
    pipeline.on('debug', ({ message }) => seen.push(`debug ${message}`));
    pipeline.on('progress', ({ activity, percentComplete }) => seen.push(`${activity} ${percentComplete}`));
    const { output, errors, state } = await pipeline.collect();
    expect(seen).toEqual(['error bad InvalidData', 'warning warn', 'verbose verb', 'debug dbg', 'act 50']);
    expect(output).toEqual(['out', 'end']);
    expect(errors.map(({ fullyQualifiedErrorId }) => fullyQualifiedErrorId)).toEqual(['Bad,Test']);
    expect(state).toBe('Completed');
  });

  test('rejects with the terminating error, after the output before it', async () => {
    const { pool } = await open();
    const pipeline = pool.invoke({ command: 'Stop-Here' });
    const output: PsValue[] = [];
    await expect(async () => {
      for await (const value of pipeline.output) output.push(value);
    }).rejects.toBeInstanceOf(PipelineFailedError);
    expect(output).toEqual(['before']);
    await expect(pipeline.completed).rejects.toMatchObject({
      code: 'pipeline-failed',
      errorRecord: { fullyQualifiedErrorId: 'Gone', category: 'ObjectNotFound', message: 'gone' },
    });
  });

  test.each([
    [{ command: 'Get-Nothing' }, 'CommandNotFoundException', 'ObjectNotFound'],
    [{ script: 'Get-Date' }, 'ScriptsNotAllowed', 'ParserError'],
    [[{ command: 'Get-Echo' }, { command: 'Get-Echo' }], 'PipelineNotSupported', 'NotImplemented'],
  ])('handles %j like PowerShell', async (invocation, fullyQualifiedErrorId, category) => {
    const { pool } = await open();
    await expect(pool.invoke(invocation).completed).rejects.toMatchObject({
      errorRecord: { fullyQualifiedErrorId, category },
    });
  });

  test('refuses invalid commands', async () => {
    const { pool } = await open();
    expect(() => pool.invoke([])).toThrow(TypeError);
    expect(() => pool.invoke({ statements: [[{ command: 'Get-Echo' }], []] })).toThrow(TypeError);
    const secret = { command: 'Get-Echo', parameters: { Secret: new PsScalar('SS', 'AAAA') } };
    expect(() => pool.invoke(secret)).toThrow(expect.objectContaining({ code: 'unsupported' }));
  });

  test('runs twenty pipelines in parallel, more than there are runspaces', async () => {
    const { pool } = await open({ maxRunspaces: 3 });
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        pool.invoke({ command: 'Get-Echo', arguments: [index] }).collect(),
      ),
    );
    expect(results.map(({ output }) => output[0])).toEqual(Array.from({ length: 20 }, (_, index) => index));
  });

  test('runs several statements one after the other', async () => {
    const { pool } = await open();
    const statements = [1, 2, 3].map((value) => [{ command: 'Get-Echo', arguments: [value] }]);
    expect((await pool.invoke({ statements }).collect()).output).toEqual([1, 2, 3]);
  });

  test.each(['list', 'async'])('sends input from a %s', async (kind) => {
    const { pool } = await open();
    const list = Array.from({ length: 5000 }, (_, index) => `value ${index}`);
    async function* slowly(): AsyncGenerator<PsValue> {
      for (const value of list) yield await Promise.resolve(value);
    }
    const input = kind === 'list' ? list : slowly();
    const { output } = await pool.invoke({ command: 'Measure-Input' }, { input }).collect();
    expect(output).toEqual(['value 0', 'value 1', 'value 2', 5000]);
  });

  test('abandons a pending input when the pipeline has ended, and notifies it', async () => {
    const { pool } = await open();
    const returned = Promise.withResolvers<string>();
    const never: AsyncIterable<PsValue> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return: () => {
          returned.resolve('returned');
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    await pool.invoke({ command: 'Get-Echo', arguments: [1] }, { input: never }).collect();
    expect(await returned.promise).toBe('returned');
  });

  test('rejects with the error of the input', async () => {
    const { pool } = await open();
    const broken = function* (): Generator<PsValue> {
      yield 1;
      throw new Error('no more');
    };
    const { completed } = pool.invoke({ command: 'Measure-Input' }, { input: broken() });
    await expect(completed).rejects.toThrow('no more');
  });

  test('holds up the host while output is unread, and loses nothing', async () => {
    const { pool, transport } = await open();
    const pipeline = pool.invoke(
      { command: 'Write-Many', parameters: { Count: 2000 } },
      { highWaterMark: 65_536 },
    );
    await pipeline.output.next();
    const asked = transport.count('receive');
    for (let turn = 0; turn < 50; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(transport.count('receive') - asked).toBeLessThan(5);
    let count = 1;
    for await (const _ of pipeline.output) count += 1;
    expect(count).toBe(2000);
  });
});

describe('stopping', () => {
  test('rejects with the reason of the signal', async () => {
    const { pool, transport } = await open();
    const controller = new AbortController();
    const pipeline = pool.invoke({ command: 'Wait-Ever' }, { signal: controller.signal });
    expect((await pipeline.output.next()).value).toBe('started');
    controller.abort(new Error('enough'));
    await expect(pipeline.completed).rejects.toThrow('enough');
    await expect(pipeline.output.next()).rejects.toThrow('enough');
    expect(transport.count('stop')).toBe(1);
    expect(transport.count('terminate')).toBe(1);
  });

  test('never starts a pipeline that was aborted before', async () => {
    const { pool, transport } = await open();
    const { completed } = pool.invoke({ command: 'Get-Echo' }, { signal: AbortSignal.abort('before') });
    await expect(completed).rejects.toBe('before');
    expect(transport.count('command')).toBe(0);
  });

  test('is a result if the caller used stop() or stopped reading', async () => {
    const { pool } = await open();
    const first = pool.invoke({ command: 'Wait-Ever' });
    await first.output.next();
    await first.stop();
    expect(await first.completed).toMatchObject({ state: 'Stopped' });
    const second = pool.invoke({ command: 'Wait-Ever' });
    for await (const value of second.output) if (value === 'started') break;
    expect(await second.completed).toMatchObject({ state: 'Stopped' });
  });

  test('abandons a host that does not stop', async () => {
    const { pool } = await open();
    const stubborn = createPsrpShell({
      commands: { 'Wait-Ever': ({ write }) => write(1).then(() => new Promise(() => undefined)) },
    });
    const deaf = await RunspacePool.open(new LoopbackTransport(stubborn));
    const controller = new AbortController();
    const pipeline = deaf.invoke({ command: 'Wait-Ever' }, { signal: controller.signal, stopTimeoutMs: 1 });
    await pipeline.output.next();
    controller.abort(new Error('enough'));
    await expect(pipeline.completed).rejects.toThrow('enough');
    await deaf.close();
    await pool.close();
  });

  test('leaves nothing behind, at any time', async () => {
    const { pool, transport } = await open({ maxRunspaces: 4 });
    const outcomes = Array.from({ length: 200 }, async (_, index) => {
      const controller = new AbortController();
      const commands = ['Wait-Ever', 'Write-Everything', 'Write-Many'];
      const pipeline = pool.invoke(
        { command: commands[index % 3] ?? '', parameters: { Count: 200 } },
        { signal: controller.signal },
      );
      const outcome = pipeline.collect().then(
        () => 'completed',
        (error: unknown) => error,
      );
      for (let turn = 0; turn < index % 40; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      controller.abort('aborted');
      const result = await outcome;
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
      return result;
    });
    expect(new Set(await Promise.all(outcomes))).toEqual(new Set(['aborted', 'completed']));
    expect(transport.count('terminate')).toBe(transport.count('command'));
    // Commands that were told to end free their runspaces in turns of their own.
    while ((await pool.getAvailableRunspaces()) < 4) continue;
  });

  test('frees runspaces for waiting pipelines', async () => {
    const { pool } = await open({ maxRunspaces: 1 });
    const holder = pool.invoke({ command: 'Wait-Ever' });
    await holder.output.next();
    const controller = new AbortController();
    const waiting = pool.invoke({ command: 'Get-Echo', arguments: [1] }, { signal: controller.signal });
    const next = pool.invoke({ command: 'Get-Echo', arguments: [2] }).collect();
    expect(await pool.getAvailableRunspaces()).toBe(0);
    controller.abort(new Error('not now'));
    await expect(waiting.completed).rejects.toThrow('not now');
    await holder.stop();
    expect((await next).output).toEqual([2]);
    expect(await pool.getAvailableRunspaces()).toBe(1);
    expect(await pool.setMaxRunspaces(4)).toBe(true);
    expect(await pool.setMaxRunspaces(-1)).toBe(false);
    expect(await pool.getAvailableRunspaces()).toBe(4);
    expect(await pool.resetRunspaceState()).toBe(true);
  });
});

describe('the end of a pool', () => {
  test('rejects pending and later calls', async () => {
    const { pool } = await open();
    const pipeline = pool.invoke({ command: 'Wait-Ever' });
    await pipeline.output.next();
    await pool.close();
    await expect(pipeline.completed).rejects.toMatchObject({ code: 'pool-closed' });
    await expect(pool.invoke({ command: 'Get-Echo' }).completed).rejects.toMatchObject({
      code: 'pool-closed',
    });
    await expect(pool.getAvailableRunspaces()).rejects.toMatchObject({ code: 'invalid-state' });
  });

  test('follows its transport’s failure, with the reason', async () => {
    const { pool, transport } = await open();
    const pipeline = pool.invoke({ command: 'Wait-Ever' });
    await pipeline.output.next();
    const cause = new Error('cable cut');
    transport.fail(cause);
    await expect(pipeline.completed).rejects.toThrow('cable cut');
    expect(await pool.ended).toMatchObject({ code: 'pool-broken', cause });
    expect(pool.state).toBe('Broken');
    await pool.close();
  });

  test('closes the transport if opening fails or is aborted', async () => {
    const transport = new LoopbackTransport({ open: () => Promise.reject(new Error('no shells left')) });
    await expect(RunspacePool.open(transport)).rejects.toThrow('no shells left');
    expect(transport.count('close')).toBe(1);
    const silent = new LoopbackTransport({
      open: () =>
        Promise.resolve({
          command: () => Promise.reject(new Error('never')),
          send: () => Promise.resolve(),
          close: () => Promise.resolve(),
        }),
    });
    const controller = new AbortController();
    const opening = RunspacePool.open(silent, { signal: controller.signal });
    setImmediate(() => controller.abort(new Error('too slow')));
    await expect(opening).rejects.toThrow('too slow');
    expect(silent.count('close')).toBe(1);
  });

  test('is not caused by a pipeline whose output is not a fragment', async () => {
    const noise = createPsrpShell({ commands });
    const transport = new LoopbackTransport({
      open: async (opening) => {
        const shell = await noise.open(opening);
        return {
          ...shell,
          close: () => shell.close(),
          send: (stream, data) => shell.send(stream, data),
          command: async ({ output }) => {
            await output.write(new Uint8Array(64).fill(255));
            return { send: () => Promise.resolve(), signal: () => Promise.resolve() };
          },
        };
      },
    });
    const pool = await RunspacePool.open(transport);
    await expect(pool.invoke({ command: 'Get-Echo' }).completed).rejects.toMatchObject({
      code: 'object-too-large',
    });
    expect(transport.count('terminate')).toBe(1);
    expect(await pool.getAvailableRunspaces()).toBe(1);
    await pool.close();
  });
});

describe('any fragment size', () => {
  test.each([
    [60, 1],
    [60, 7],
    [64, 100],
    [500, 61],
  ])('of %i bytes in pieces of %i passes a complete session', async (fragment, piece) => {
    const { pool } = await open({}, { fragment, piece });
    const input = ['a', 'b', 'ü😀', psList([1, 2])];
    const { output } = await pool.invoke({ command: 'Measure-Input' }, { input }).collect();
    expect(output).toEqual(['a', 'b', 'ü😀', 4]);
    const all = await pool.invoke({ command: 'Write-Everything' }).collect();
    expect([all.output, all.errorCount]).toEqual([['out', 'end'], 1]);
    await pool.close();
    expect(pool.state).toBe('Closed');
  });
});
