import { describe, expect, test } from 'vitest';
import {
  emptyGuid,
  encodeFragment,
  encodeMessage,
  messageTypes,
  type MessageType,
} from '../../src/core/index.ts';
import { psObject } from '../../src/clixml/index.ts';
import { memory } from '../support/memory.ts';
import { begun, openSpoiled, undecodable, whole } from './support/spoiled-host.ts';

const types = Object.entries(messageTypes) as [MessageType, (typeof messageTypes)[MessageType]][];
const namesOf = (scope: 'pool' | 'pipeline'): MessageType[] =>
  types.filter(([, info]) => info.scope === scope && info.to !== 'server').map(([name]) => name);

const output = (pipelineId: string, payload = 'x') =>
  encodeMessage({ destination: 'client', type: 'PIPELINE_OUTPUT', poolId: emptyGuid, pipelineId, payload });
const unknownType = (pipelineId: string): Uint8Array => {
  const bytes = Buffer.from(output(pipelineId));
  bytes.writeUInt32LE(0x0004_1999, 4);
  return bytes;
};

const lateFragment = encodeFragment({
  objectId: 9_000_000n,
  fragmentId: 2n,
  start: false,
  end: true,
  blob: new Uint8Array(4),
});

/** What may come in the stream of a pipeline, and the error that its caller gets. */
const spoiledStreams: Readonly<Record<string, readonly [code: string, data: (id: string) => Uint8Array]>> = {
  ...Object.fromEntries(
    namesOf('pipeline').map((type) => [
      `an undecodable ${type}`,
      ['message-malformed', (id: string) => whole(undecodable(type, id))],
    ]),
  ),
  'an unknown type of message': ['message-malformed', (id) => whole(unknownType(id))],
  'a message that is for a server': ['message-unexpected', (id) => whole(undecodable('PIPELINE_INPUT', id))],
  'a message without a whole header': ['message-malformed', () => whole(new Uint8Array(10))],
  'a fragment gap': ['fragment-gap', () => lateFragment],
  'an object beyond the limit': ['object-too-large', (id) => whole(output(id, 'x'.repeat(70_000)))],
  noise: ['object-too-large', () => new Uint8Array(64).fill(255)],
};

const limits = { maxObjectSize: 65_536 };

describe('in the stream of a pipeline', () => {
  test.each(Object.entries(spoiledStreams))('%s fails that pipeline only', async (_, [code, data]) => {
    const { pool, attacked, others, transport } = await openSpoiled({ limits });
    const pipeline = attacked((sink, id) => sink.write(Buffer.concat([whole(output(id)), data(id)])));
    const values: unknown[] = [];
    await expect(
      (async () => {
        for await (const value of pipeline.output) values.push(value);
      })(),
    ).rejects.toMatchObject({ code });
    expect(values).toEqual(['x']);
    expect(transport.count('terminate')).toBe(1);
    expect(await others()).toEqual(['later', 'later']);
    await pool.close();
  });
});

describe('in the stream of an open pool', () => {
  const harmless = namesOf('pool').filter((type) => type !== 'RUNSPACEPOOL_STATE');
  test.each(harmless)('an undecodable %s leaves all pipelines running', async (type) => {
    const { pool, writeToPool, others } = await openSpoiled({ limits });
    await writeToPool(whole(undecodable(type)));
    await writeToPool(whole(unknownType(emptyGuid)));
    expect(await others()).toEqual(['later', 'later']);
    expect(pool.state).toBe('Opened');
    await pool.close();
  });

  test('an undecodable response fails the pending calls', async () => {
    const { pool, writeToPool, others } = await openSpoiled({ limits });
    const [call] = await Promise.allSettled([
      pool.resetRunspaceState(),
      writeToPool(whole(undecodable('RUNSPACE_AVAILABILITY'))),
    ]);
    expect(
      call.status === 'fulfilled' || (call.reason as { code?: string }).code === 'message-malformed',
    ).toBe(true);
    expect(await others()).toEqual(['later', 'later']);
    await pool.close();
  });

  test('a message of an unknown pipeline is ignored', async () => {
    const { pool, writeToPool, others } = await openSpoiled({ limits });
    await writeToPool(whole(output('11111111-2222-3333-4444-555555555555')));
    expect(await others()).toEqual(['later', 'later']);
    await pool.close();
  });

  test('an unreadable state, or a gap, ends the pool', async () => {
    for (const data of [whole(undecodable('RUNSPACEPOOL_STATE')), begun(10, 8_000_000n, 3n)]) {
      const { pool, writeToPool } = await openSpoiled({ limits });
      await writeToPool(data);
      expect(await pool.ended).toMatchObject({
        code: expect.stringMatching(/message-malformed|fragment-gap/) as string,
      });
    }
  });
});

describe('the bytes that a pool holds', () => {
  const mebibyte = 1_048_576;

  test('are limited over all pipelines: the one that exceeds the limit fails, and its bytes are released', async () => {
    const { pool, attacked, others } = await openSpoiled({
      limits: { maxObjectSize: 8 * mebibyte, maxHeldSize: 20 * mebibyte },
      maxRunspaces: 50,
    });
    const before = await memory();
    const nineFailed = Promise.withResolvers<undefined>();
    const objectEnds = Promise.withResolvers<undefined>();
    const ends: string[] = [];
    const pipelines = Array.from({ length: 12 }, (_, index) =>
      attacked(async (sink) => {
        const objectId = BigInt(7_000_000 + index);
        for (let part = 0; part < 6; part += 1) await sink.write(begun(mebibyte, objectId, BigInt(part)));
        await objectEnds.promise;
        const blob = new Uint8Array(1);
        await sink.write(encodeFragment({ objectId, fragmentId: 6n, start: false, end: true, blob }));
      }).completed.catch((error: unknown) => {
        if (ends.push((error as { code: string }).code) === 9) nineFailed.resolve(undefined);
      }),
    );
    // Three objects of 6 MiB fit within the bound and four do not, in whichever order their fragments come.
    await nineFailed.promise;
    // Apart from what the pool holds, each pipeline may have up to three fragments on their way through this process.
    expect(await memory()).toBeLessThan(before + (20 + 12 * 3) * mebibyte);
    objectEnds.resolve(undefined);
    await Promise.all(pipelines);
    // That the last three objects are zeros, no messages, is seen only once they have come whole.
    expect(ends).toEqual([
      ...Array.from({ length: 9 }, () => 'object-too-large'),
      ...Array.from({ length: 3 }, () => 'message-malformed'),
    ]);
    expect(await others()).toEqual(['later', 'later']);
    await pool.close();
  });

  test('include the overhead of small fragments', async () => {
    const { pool, attacked } = await openSpoiled({
      limits: { maxObjectSize: 1_048_576, maxHeldSize: 2_097_152 },
    });
    const pipeline = attacked(async (sink) => {
      for (let part = 0; part < 40_000; part += 1) await sink.write(begun(1, 6_000_000n, BigInt(part)));
    });
    await expect(pipeline.completed).rejects.toMatchObject({ code: 'object-too-large' });
    await pool.close();
  });

  test('are released when the output was read', async () => {
    const { pool, attacked, others } = await openSpoiled({
      limits: { maxObjectSize: 3 * mebibyte, maxHeldSize: 4 * mebibyte },
    });
    for (let round = 0; round < 5; round += 1) {
      const { output: values } = await attacked(async (sink, id) => {
        await sink.write(whole(output(id, 'x'.repeat(2 * mebibyte))));
        const state = {
          destination: 'client',
          type: 'PIPELINE_STATE',
          poolId: emptyGuid,
          pipelineId: id,
        } as const;
        await sink.write(whole(encodeMessage({ ...state, payload: psObject({ PipelineState: 4 }) })));
      }).collect();
      expect(values.map((value) => (typeof value === 'string' ? value.length : 0))).toEqual([2 * mebibyte]);
    }
    expect(await others()).toEqual(['later', 'later']);
    await pool.close();
  });
});
