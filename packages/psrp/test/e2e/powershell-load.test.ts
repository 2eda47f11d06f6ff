import { spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toPlain } from '../../src/clixml/index.ts';
import { basic, RunspacePool, wsmanTransport, type RequestObservation } from '../../src/client/index.ts';
import { processTransport, relayBackend } from '../../src/process/index.ts';
import { basicAuthentication, WsmanListener } from '../../src/server/index.ts';
import { shellResourceUris } from '../../src/wsman/index.ts';
import { memory } from '../support/memory.ts';
import { primitives } from '../support/primitives.ts';

const found = spawnSync('pwsh', ['-v']).status === 0;
const required = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('pwsh');
const title = found || required ? '' : ' (skipped: there is no pwsh on PATH)';
const megabyte = 1_048_576;

describe.skipIf(!found && !required)(`real PowerShell behind WS-Management under load${title}`, () => {
  let listener: WsmanListener;
  let server: Server;
  let pool: RunspacePool;
  const requests: RequestObservation[] = [];

  beforeAll(async () => {
    listener = new WsmanListener({
      backend: relayBackend(() => processTransport()),
      authentication: basicAuthentication(() => true),
      resourceUris: [shellResourceUris.powerShell7],
    });
    server = createServer(listener.handle);
    server.keepAliveTimeout = 120_000;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const transport = wsmanTransport({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/wsman`,
      authenticator: basic('operator', 'any'),
      resourceUri: shellResourceUris.powerShell7,
      onRequest: (request) => requests.push(request),
    });
    pool = await RunspacePool.open(transport, { maxRunspaces: 5 });
  });
  afterAll(async () => {
    await pool.close();
    expect(listener.shellCount).toBe(0);
    await listener.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test('returns every primitive passed as a parameter and as input', async () => {
    const script = 'param($Value) , $Value; foreach ($item in $input) { , $item }';
    for (const [dotnetType, value] of primitives) {
      const { output } = await pool
        .invoke({ script, parameters: { Value: value } }, { input: [value] })
        .collect();
      expect(output, dotnetType).toEqual([value, value]);
    }
  });

  test('returns every stream, many times', async () => {
    const script = `
      $VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
      foreach ($n in 1..50) {
        $n; Write-Error "e$n"; Write-Warning "w$n"; Write-Verbose "v$n"; Write-Debug "d$n"; Write-Information "i$n"
        Write-Progress -Activity "p$n" -PercentComplete $n
      }`;
    const pipeline = pool.invoke({ script, useLocalScope: true });
    const seen: string[] = [];
    pipeline.on('error', ({ message }) => seen.push(message));
    pipeline.on('warning', ({ message }) => seen.push(message));
    pipeline.on('verbose', ({ message }) => seen.push(message));
    pipeline.on('debug', ({ message }) => seen.push(message));
    pipeline.on('information', ({ message }) => seen.push(message));
    const progress: string[] = [];
    pipeline.on('progress', ({ activity }) => progress.push(activity));
    const { output, errorCount } = await pipeline.collect();
    const numbers = Array.from({ length: 50 }, (_, index) => index + 1);
    expect([output, errorCount]).toEqual([numbers, 50]);
    expect(seen).toEqual(numbers.flatMap((n) => ['e', 'w', 'v', 'd', 'i'].map((stream) => `${stream}${n}`)));
    // PowerShell itself leaves out progress that comes too fast.
    expect(progress.length).toBeGreaterThan(0);
  });

  test('carries 100 MB of output, most of it never in memory at once', async () => {
    const start = await memory();
    let peak = start;
    let length = 0;
    let count = 0;
    const pipeline = pool.invoke({ script: "$block = 'y' * 64KB; foreach ($n in 1..1600) { $block }" });
    for await (const value of pipeline.output) {
      length += typeof value === 'string' ? value.length : 0;
      count += 1;
      if (count % 100 === 0) peak = Math.max(peak, await memory());
    }
    await pipeline.completed;
    expect(length).toBe(100 * megabyte);
    expect(peak - start).toBeLessThanOrEqual(64 * megabyte);
  }, 300_000);

  test('stops pipelines in the middle of writing, and continues', async () => {
    const pipeline = pool.invoke({ script: "while ($true) { 'x' * 1000 }" });
    for (let count = 0; count < 100; count += 1) await pipeline.output.next();
    await pipeline.stop();
    expect(await pipeline.completed).toMatchObject({ state: 'Stopped' });
    expect((await pool.invoke({ script: '"after"' }).collect()).output).toEqual(['after']);
  });

  test('runs twenty parallel pipelines, each with its own output and errors', async () => {
    const script = 'param($i) foreach ($n in 1..20) { "$i.$n" }; Write-Error "e$i"';
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, i) => pool.invoke({ script, parameters: { i } }).collect()),
    );
    for (const [i, { output, errors }] of results.entries()) {
      expect(output).toEqual(Array.from({ length: 20 }, (_, n) => `${i}.${n + 1}`));
      expect(errors.map(({ message }) => message)).toEqual([`e${i}`]);
    }
  });

  test('accepts a megabyte of input and of parameters, in envelopes within the limit', async () => {
    requests.length = 0;
    const large = 'ä'.repeat(megabyte / 2);
    const script = 'param($Value) $Value.Length; ($input | Measure-Object -Property Length -Sum).Sum';
    const { output } = await pool
      .invoke({ script, parameters: { Value: large } }, { input: [large, large] })
      .collect();
    expect(output.map((value) => toPlain(value))).toEqual([megabyte / 2, megabyte]);
    expect(Math.max(...requests.map(({ requestBytes }) => requestBytes))).toBeLessThanOrEqual(153_600);
  });

  test('fails prompts at once, without a host call', async () => {
    const { errors } = await pool.invoke({ script: "Read-Host 'name'" }).collect();
    expect(errors.map(({ fullyQualifiedErrorId }) => fullyQualifiedErrorId)).toEqual([
      'HostFunctionNotImplemented,Microsoft.PowerShell.Commands.ReadHostCommand',
    ]);
  });
});
