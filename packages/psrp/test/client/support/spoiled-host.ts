import { randomUUID } from 'node:crypto';
import { RunspacePool, type RunspacePoolOptions } from '../../../src/client/index.ts';
import {
  emptyGuid,
  encodeFragment,
  encodeMessage,
  messageTypes,
  type Destination,
  type MessageType,
} from '../../../src/core/index.ts';
import { createPsrpShell, type OutputSink } from '../../../src/server/index.ts';
import { LoopbackTransport } from './loopback-transport.ts';

let objectId = 1_000_000n;

/** An object in one fragment. */
export function whole(object: Uint8Array): Uint8Array {
  objectId += 1n;
  return encodeFragment({ objectId, fragmentId: 0n, start: true, end: true, blob: object });
}

/** The first fragment of an object that does not end. */
export function begun(size: number, id: bigint = (objectId += 1n), fragmentId = 0n): Uint8Array {
  const blob = new Uint8Array(size);
  return encodeFragment({ objectId: id, fragmentId, start: fragmentId === 0n, end: false, blob });
}

/** A message whose payload is no CLIXML. */
export function undecodable(type: MessageType, pipelineId: string = emptyGuid, to?: Destination): Uint8Array {
  const destination = to ?? (messageTypes[type].to === 'server' ? 'server' : 'client');
  const head = encodeMessage({ destination, type, poolId: emptyGuid, pipelineId, payload: undefined });
  return Buffer.concat([head, Buffer.from('<S>not closed')]);
}

/** A host that is honest but for one pipeline, and for what a test writes to the pool itself. */
export async function openSpoiled(options: RunspacePoolOptions = {}) {
  const later = Promise.withResolvers<undefined>();
  const honest = createPsrpShell({
    commands: {
      'Get-Later': async ({ write }) => {
        await later.promise;
        await write('later');
      },
    },
  });
  const attacks = new Map<string, (output: OutputSink, id: string) => unknown>();
  let poolOutput: OutputSink | undefined;
  const transport = new LoopbackTransport({
    open: async (opening) => {
      poolOutput = opening.output;
      const shell = await honest.open(opening);
      return {
        send: (stream, data) => shell.send(stream, data),
        close: () => shell.close(),
        command: (command) => {
          const id = command.commandId.toLowerCase();
          const attack = attacks.get(id);
          if (attack === undefined) return shell.command(command);
          void attack(command.output, id);
          return Promise.resolve({ send: () => Promise.resolve(), signal: () => Promise.resolve() });
        },
      };
    },
  });
  const pool = await RunspacePool.open(transport, { maxRunspaces: 5, ...options });
  const neighbour = pool.invoke({ command: 'Get-Later' }).collect();
  neighbour.catch(() => undefined);
  return {
    pool,
    transport,
    /** Runs a pipeline that the host serves so. */
    attacked: (attack: (output: OutputSink, id: string) => unknown) => {
      const id = randomUUID();
      attacks.set(id, attack);
      return pool.invoke({ command: 'Get-Attacked' }, { id });
    },
    writeToPool: (data: Uint8Array) => poolOutput?.write(data),
    /** What a pipeline says that ran all the while, and one that begins now. */
    others: async () => {
      later.resolve(undefined);
      const results = [await neighbour, await pool.invoke({ command: 'Get-Later' }).collect()];
      return results.flatMap(({ output }) => output);
    },
  };
}
