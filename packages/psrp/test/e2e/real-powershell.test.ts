import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { toPlain } from '../../src/clixml/index.ts';
import { basic, RunspacePool, wsmanTransport } from '../../src/client/index.ts';
import { processTransport, relayBackend } from '../../src/process/index.ts';
import { basicAuthentication, WsmanListener } from '../../src/server/index.ts';

const found = spawnSync('pwsh', ['-v']).status === 0;
const required = (process.env.AETHER_REQUIRE ?? '').split(',').includes('pwsh');
const title = found || required ? '' : ' (skipped: there is no pwsh on PATH)';

test.skipIf(!found && !required)(`real PowerShell behind WS-Management${title}`, async () => {
  const listener = new WsmanListener({
    backend: relayBackend(() => processTransport()),
    authentication: basicAuthentication(() => true),
  });
  const server = createServer(listener.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/wsman`;
  try {
    await using pool = await RunspacePool.open(
      wsmanTransport({ url, authenticator: basic('operator', 'any') }),
      {
        maxRunspaces: 2,
      },
    );

    const sum = await pool
      .invoke({ script: 'param($a, $b) $a + $b', parameters: { a: 20, b: 22 } })
      .collect();
    expect(sum.output).toEqual([42]);

    const large = await pool.invoke({ script: "1..40 | ForEach-Object { 'y' * 50000 }" }).collect();
    expect(large.output.map((line) => (typeof line === 'string' ? line.length : 0))).toEqual(
      Array.from({ length: 40 }, () => 50_000),
    );

    const pipeline = pool.invoke({
      script: "Write-Warning 'careful'; Write-Error 'oops'; [pscustomobject]@{ n = 1 }",
    });
    const warnings: string[] = [];
    pipeline.on('warning', ({ message }) => warnings.push(message));
    const { output, errors } = await pipeline.collect();
    expect(output.map((value) => toPlain(value))).toEqual([{ n: 1 }]);
    expect(warnings).toEqual(['careful']);
    expect(errors.map(({ message }) => message)).toEqual(['oops']);

    const input = await pool
      .invoke({ command: 'Measure-Object', parameters: { Sum: true } }, { input: [1, 2, 3] })
      .collect();
    expect(toPlain(input.output[0] ?? null)).toMatchObject({ Count: 3, Sum: 6 });

    await expect(pool.invoke({ script: "throw 'down'" }).completed).rejects.toMatchObject({
      code: 'pipeline-failed',
      message: 'down',
    });

    const controller = new AbortController();
    const waiting = pool.invoke({ script: "'started'; Start-Sleep 600" }, { signal: controller.signal });
    const reason = new Error('enough');
    await expect(
      (async () => {
        for await (const value of waiting.output) {
          expect(value).toBe('started');
          controller.abort(reason);
        }
      })(),
    ).rejects.toBe(reason);
    expect((await pool.invoke({ script: '"after"' }).collect()).output).toEqual(['after']);
  } finally {
    await listener.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  expect(listener.shellCount).toBe(0);
});
