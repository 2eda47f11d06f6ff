import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ClientRunspacePool, type PipelineRequest } from '../../src/core/index.ts';
import { createPsrpShell, type BackendShell, type OutputSink } from '../../src/server/index.ts';
import { bytes } from './fake-backend.ts';
import { clientOf, failure, never, transportTo } from '../client/connect.ts';
import { Harness, until } from './harness.ts';

const request: PipelineRequest = {
  statements: [
    [{ text: 'x', isScript: false, useLocalScope: false, parameters: [], mergeErrorToOutput: false }],
  ],
  noInput: true,
  addToHistory: false,
  isNested: false,
  remoteStreamOptions: 0,
};

/** Output that nobody fetches: there is never room for more. */
function unread(): OutputSink & { readonly chunks: Uint8Array[] } {
  const chunks: Uint8Array[] = [];
  return {
    chunks,
    closed: never,
    end: () => undefined,
    write: (data) => {
      chunks.push(data);
      return new Promise(() => undefined);
    },
  };
}

/** A shell of PSRP and the client half that has opened it. */
async function openShell(): Promise<{ shell: BackendShell; client: ClientRunspacePool; output: OutputSink }> {
  const id = randomUUID();
  const client = new ClientRunspacePool({ id });
  client.open();
  const output = unread();
  const shell = await createPsrpShell({ commands: {} }).open({
    shellId: id.toUpperCase(),
    resourceUri: 'test',
    principal: 'tester',
    creation: client.dataToSend(100_000)?.data ?? new Uint8Array(),
    output,
  });
  for (const chunk of output.chunks) client.receiveData(chunk);
  while (client.nextEvent() !== undefined);
  expect(client.state).toBe('Opened');
  return { shell, client, output };
}

describe('a client', () => {
  test('that calls the pool without fetching the responses is held up', async () => {
    const { shell, client } = await openShell();
    client.getAvailableRunspaces();
    const sent = shell.send('stdin', client.dataToSend(100_000)?.data ?? new Uint8Array());
    const turns = (async () => {
      for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      return 'held up';
    })();
    expect(await Promise.race([sent, turns])).toBe('held up');
  });

  test('that calls the pool on the stream of a pipeline fails that pipeline', async () => {
    const { shell, client } = await openShell();
    client.getAvailableRunspaces();
    const args = client.dataToSend(100_000)?.data ?? new Uint8Array();
    const id = randomUUID();
    client.createPipeline(id, request);
    const output = unread();
    await shell.command({ commandId: id.toUpperCase(), args, output });
    for (const chunk of output.chunks) client.receiveData(chunk, id);
    expect(client.nextEvent()).toMatchObject({
      type: 'PIPELINE_STATE',
      body: { state: 'Failed', error: { fullyQualifiedErrorId: 'InvalidRequest' } },
    });
  });

  test('that deletes a shell before it is open leaves nothing behind', async () => {
    await using harness = await Harness.start();
    const opened = Promise.withResolvers<undefined>();
    harness.backend.onOpen = () => opened.promise.then(() => undefined);
    const transport = transportTo(harness);
    const poolId = randomUUID();
    const open = transport.open({ poolId, creation: bytes('hello') }, never);
    await until(() => harness.listener.shellCount === 1);
    const client = clientOf(harness);
    const resourceUri = 'http://schemas.microsoft.com/powershell/Microsoft.PowerShell';
    await client.request({ action: 'delete', resourceUri, shellId: poolId.toUpperCase() });
    opened.resolve(undefined);
    expect((await failure(open)).fault?.known).toBe('aborted');
    expect(harness.backend.shells.map(({ closed }) => closed)).toEqual([1]);
    await client.close();
    await transport.close();
  });
});
