import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RunspacePool } from '../../src/client/index.ts';
import { property, psDictionary, psList, PsObject, psObject, toPlain } from '../../src/clixml/index.ts';
import { processTransport } from '../../src/process/index.ts';
import { primitives } from '../support/primitives.ts';

const isThere = spawnSync('pwsh', ['-NoLogo', '-NoProfile', '-Version']).status === 0;
const isRequired = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('pwsh');

if (isRequired && !isThere) {
  test('finds pwsh, which AETHER_REQUIRE names', () => expect.fail('There is no pwsh on PATH'));
}

describe.skipIf(!isThere)('a runspace on pwsh -s (skipped without pwsh on PATH)', () => {
  let pool: RunspacePool;

  beforeAll(async () => {
    pool = await RunspacePool.open(processTransport(), { maxRunspaces: 5 });
  });

  afterAll(async () => {
    await pool.close();
  });

  test('reports its properties', () => {
    expect(pool.serverCapability?.protocolVersion).toBe('2.3');
    expect(toPlain(pool.applicationPrivateData)).toMatchObject({ PSVersionTable: { PSEdition: 'Core' } });
  });

  test.each(primitives)('returns a %s passed as a parameter and in $args', async (dotnetType, value) => {
    const script = 'param($Value) $Value.GetType().FullName; , $Value';
    const named = await pool.invoke({ script, parameters: { Value: value } }).collect();
    expect(named.output).toEqual([dotnetType, value]);
    const positional = await pool.invoke({ script: ', $args[0]', arguments: [value] }).collect();
    expect(positional.output).toEqual([value]);
  });

  test('returns null, lists, dictionaries and objects', async () => {
    const value = psObject({
      nothing: null,
      list: psList([1, 'two', psList([])]),
      table: psDictionary({ key: 'value', nested: psDictionary({ deep: 1 }) }),
      object: psObject({ name: 'inner' }),
    });
    const script = 'param($v) $v; $null; $v.list[1]; $v.table.nested.deep; $v.object.name';
    const { output } = await pool.invoke({ script, parameters: { v: value } }).collect();
    expect(output.slice(1)).toEqual([null, 'two', 1, 'inner']);
    expect(output[0]).toBeInstanceOf(PsObject);
    expect(toPlain(output[0] ?? null)).toEqual({
      nothing: null,
      list: [1, 'two', []],
      table: { key: 'value', nested: { deep: 1 } },
      object: { name: 'inner' },
    });
  });

  test('returns every stream', async () => {
    const script = `
      $VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
      'out'; Write-Error 'bad' -Category InvalidData -ErrorId My.Id -TargetObject thing; Write-Warning 'warn'
      Write-Verbose 'verb'; Write-Debug 'dbg'; Write-Information 'info' -Tags a, b; Write-Host 'host'
      Write-Progress -Activity act -Status stat -PercentComplete 50 -Id 3; 'end'`;
    const pipeline = pool.invoke({ script, useLocalScope: true });
    const seen: unknown[] = [];
    pipeline.on('error', ({ message, category, fullyQualifiedErrorId, targetObject }) =>
      seen.push(['error', message, category, fullyQualifiedErrorId, targetObject]),
    );
    pipeline.on('warning', ({ message }) => seen.push(['warning', message]));
    pipeline.on('verbose', ({ message }) => seen.push(['verbose', message]));
    pipeline.on('debug', ({ message }) => seen.push(['debug', message]));
    pipeline.on('information', ({ message, tags }) => seen.push(['information', message, ...tags]));
    pipeline.on('progress', ({ activity, activityId, percentComplete }) =>
      seen.push(['progress', activity, activityId, percentComplete]),
    );
    const { output, errorCount } = await pipeline.collect();
    expect([output, errorCount]).toEqual([['out', 'end'], 1]);
    expect(seen).toEqual([
      ['error', 'bad', 'InvalidData', 'My.Id', 'thing'],
      ['warning', 'warn'],
      ['verbose', 'verb'],
      ['debug', 'dbg'],
      ['information', 'info', 'a', 'b'],
      ['information', 'host', 'PSHOST'],
      ['progress', 'act', 3, 50],
    ]);
  });

  test('calls commands by name, piped into each other, and statement by statement', async () => {
    const piped = pool.invoke([
      { command: 'Write-Output', parameters: { InputObject: psList([3, 1, 2]) } },
      { command: 'Sort-Object', parameters: { Descending: true } },
    ]);
    expect((await piped.collect()).output).toEqual([3, 2, 1]);
    const statements = ['one', 'two'].map((text) => [{ command: 'Write-Output', arguments: [text] }]);
    expect((await pool.invoke({ statements }).collect()).output).toEqual(['one', 'two']);
    const merged = pool.invoke({ command: 'Write-Error', arguments: ['bad'], mergeErrorToOutput: true });
    const { output, errorCount } = await merged.collect();
    expect([property(output[0], 'FullyQualifiedErrorId'), errorCount]).toEqual([
      'Microsoft.PowerShell.Commands.WriteErrorException,Microsoft.PowerShell.Commands.WriteErrorCommand',
      0,
    ]);
  });

  test('reports a terminating error with its position and exceptions', async () => {
    const script =
      "'before'\nthrow [System.InvalidOperationException]::new('outer', [System.Exception]::new('inner'))";
    const pipeline = pool.invoke({ script });
    expect((await pipeline.output.next()).value).toBe('before');
    await expect(pipeline.completed).rejects.toMatchObject({
      code: 'pipeline-failed',
      errorRecord: {
        message: 'outer',
        category: 'OperationStopped',
        exception: { type: 'System.InvalidOperationException', inner: { message: 'inner' } },
        invocation: { scriptLineNumber: 2 },
        scriptStackTrace: 'at <ScriptBlock>, <No file>: line 2',
      },
    });
    await expect(pool.invoke({ command: 'Get-NoSuchThing' }).completed).rejects.toMatchObject({
      errorRecord: { fullyQualifiedErrorId: 'CommandNotFoundException', category: 'ObjectNotFound' },
    });
  });

  test('stops running pipelines', async () => {
    const controller = new AbortController();
    const pipeline = pool.invoke({ script: "'started'; Start-Sleep 600" }, { signal: controller.signal });
    await pipeline.output.next();
    controller.abort(new Error('enough'));
    await expect(pipeline.completed).rejects.toThrow('enough');
    expect((await pool.invoke({ script: '1 + 1' }).collect()).output).toEqual([2]);
  });

  test('fails prompts at once, without a host call', async () => {
    const { errors } = await pool.invoke({ script: "Read-Host 'name'" }).collect();
    expect(errors.map(({ fullyQualifiedErrorId }) => fullyQualifiedErrorId)).toEqual([
      'HostFunctionNotImplemented,Microsoft.PowerShell.Commands.ReadHostCommand',
    ]);
  });

  test('runs several pipelines in parallel, more than it has runspaces', async () => {
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        pool
          .invoke({ script: 'param($i) Start-Sleep -Milliseconds 20; $i', parameters: { i: index } })
          .collect(),
      ),
    );
    expect(results.map(({ output }) => output)).toEqual(Array.from({ length: 8 }, (_, index) => [index]));
  });

  test('reads pipeline input, and large output', async () => {
    const input = Array.from({ length: 500 }, (_, index) => index);
    const sum = pool.invoke({ script: '$input | Measure-Object -Sum | ForEach-Object Sum' }, { input });
    expect(toPlain((await sum.collect()).output[0] ?? null)).toBe(124_750);
    const many = await pool.invoke({ script: "1..2000 | ForEach-Object { 'x' * 1000 }" }).collect();
    expect(many.output).toHaveLength(2000);
    const [large] = (await pool.invoke({ script: "'y' * 2MB" }).collect()).output;
    expect(large).toBe('y'.repeat(2 * 1024 * 1024));
  });

  test('answers calls to the pool', async () => {
    expect(await pool.getAvailableRunspaces()).toBe(5);
    expect(await pool.setMaxRunspaces(6)).toBe(true);
    expect(await pool.setMinRunspaces(7)).toBe(false);
    expect(await pool.getAvailableRunspaces()).toBe(6);
  });

  test('ends with an error if the process dies', async () => {
    const doomed = await RunspacePool.open(processTransport());
    const { completed } = doomed.invoke({ script: '[Environment]::FailFast("killed by the test")' });
    await expect(completed).rejects.toMatchObject({ code: 'process-failed' });
    expect(await doomed.ended).toMatchObject({ code: 'process-failed' });
    await doomed.close();
  });
});
