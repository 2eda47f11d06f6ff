import { describe, expect, test } from 'vitest';
import { toPlain } from '../../src/clixml/index.ts';
import { until } from '../server/harness.ts';
import { seen, startHost } from './host.ts';

describe('a runspace pool over WS-Management', () => {
  test('opens with capability and state in separate Receives, and closes its shell', async () => {
    await using host = await startHost();
    const pool = await host.open();
    expect(host.requests.map(({ action }) => action)).toEqual(['create', 'receive', 'receive']);
    expect(host.listener.shellCount).toBe(1);
    await pool.close();
    expect(host.listener.shellCount).toBe(0);
  });

  test('a call on a warm pool is one Command and one Receive, then a Signal', async () => {
    await using host = await startHost();
    await using pool = await host.open();
    await pool.invoke({ command: 'Get-AgentInfo' }).collect();
    await until(() => host.listener.traffic.byAction.signal === 1);
    const before = host.listener.traffic.byAction;
    const { output } = await pool
      .invoke({ command: 'Get-AgentInfo', parameters: { Request: '{"op":"agent.info"}' } })
      .collect();
    expect(output).toEqual(['agent for {"op":"agent.info"}']);
    await until(() => host.listener.traffic.byAction.signal === 2);
    const after = host.listener.traffic.byAction;
    expect(after.command - before.command).toBe(1);
    expect(after.receive - before.receive).toBe(1);
    expect(host.listener.traffic.requests).toBe(
      Object.values(before).reduce((sum, count) => sum + count, 0) + 3,
    );
  });

  test('carries every stream', async () => {
    await using host = await startHost();
    await using pool = await host.open();
    const pipeline = pool.invoke({ command: 'Write-Everything' });
    const events: string[] = [];
    for (const name of ['warning', 'verbose', 'debug'] as const) {
      pipeline.on(name, ({ message }) => events.push(`${name}: ${message}`));
    }
    pipeline.on('information', ({ messageData }) =>
      events.push(`information: ${String(toPlain(messageData))}`),
    );
    pipeline.on('progress', ({ activity, percentComplete }) =>
      events.push(`${activity}: ${percentComplete}`),
    );
    pipeline.on('error', ({ message, fullyQualifiedErrorId }) =>
      events.push(`${fullyQualifiedErrorId}: ${message}`),
    );
    const { output, errors, state } = await pipeline.collect();
    expect(output).toEqual(['output']);
    expect(state).toBe('Completed');
    expect(errors).toHaveLength(1);
    expect(events).toEqual([
      'verbose: verbose',
      'debug: debug',
      'warning: warning',
      'information: information',
      'progress: 50',
      'Oops: error',
    ]);
  });

  test('runs twenty parallel pipelines in five runspaces', async () => {
    await using host = await startHost();
    await using pool = await host.open(5);
    seen.most = 0;
    const outputs = await Promise.all(
      Array.from({ length: 20 }, async (_, Index) => {
        const { output } = await pool.invoke({ command: 'Get-Index', parameters: { Index } }).collect();
        return output;
      }),
    );
    expect(outputs).toEqual(Array.from({ length: 20 }, (_, index) => [index]));
    expect(seen.most).toBeLessThanOrEqual(5);
  });

  test('carries 5 MB of output in responses of 32 kB', async () => {
    await using host = await startHost();
    await using pool = await host.open();
    const before = host.listener.traffic.byAction.receive;
    let length = 0;
    const pipeline = pool.invoke({ command: 'Get-Megabytes', parameters: { Count: 5 } });
    for await (const value of pipeline.output) length += typeof value === 'string' ? value.length : 0;
    await pipeline.completed;
    expect(length).toBe(5 * 1_048_576);
    expect(host.listener.traffic.byAction.receive - before).toBeGreaterThanOrEqual(5 * 32);
  });

  test('sends pipeline input', async () => {
    await using host = await startHost();
    await using pool = await host.open();
    const input = Array.from({ length: 5_000 }, (_, index) => index);
    const { output } = await pool.invoke({ command: 'Measure-Input' }, { input }).collect();
    expect(output).toEqual([12_497_500]);
  });

  test('an aborted pipeline stops at the host, and the pool continues', async () => {
    await using host = await startHost();
    await using pool = await host.open(1);
    const stopped = seen.stopped;
    const controller = new AbortController();
    const reason = new Error('enough');
    const pipeline = pool.invoke({ command: 'Wait-Forever' }, { signal: controller.signal });
    await expect(
      (async () => {
        for await (const value of pipeline.output) {
          expect(value).toBe('waiting');
          controller.abort(reason);
        }
      })(),
    ).rejects.toBe(reason);
    await expect(pipeline.completed).rejects.toBe(reason);
    await until(() => seen.stopped === stopped + 1);
    const { output } = await pool
      .invoke({ command: 'Get-AgentInfo', parameters: { Request: 'x' } })
      .collect();
    expect(output).toEqual(['agent for x']);
  });

  test('an unknown command and a script are refused like in a constrained endpoint', async () => {
    await using host = await startHost();
    await using pool = await host.open();
    await expect(pool.invoke({ command: 'Remove-Everything' }).completed).rejects.toMatchObject({
      code: 'pipeline-failed',
      errorRecord: { fullyQualifiedErrorId: 'CommandNotFoundException' },
    });
    await expect(pool.invoke({ script: '1 + 1' }).completed).rejects.toMatchObject({
      code: 'pipeline-failed',
    });
  });

  test('closing while a pipeline runs leaves nothing behind', async () => {
    await using host = await startHost();
    const pool = await host.open();
    const stopped = seen.stopped;
    const pipeline = pool.invoke({ command: 'Wait-Forever' });
    const ended = expect(pipeline.completed).rejects.toMatchObject({ code: 'pool-closed' });
    await pipeline.output[Symbol.asyncIterator]().next();
    await pool.close();
    await ended;
    expect(host.listener.shellCount).toBe(0);
    await until(() => seen.stopped === stopped + 1);
  });
});
