import { PassThrough, Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { RunspacePool } from '../../src/client/index.ts';
import { emptyGuid, PsrpError } from '../../src/core/index.ts';
import {
  decodePacket,
  encodePacket,
  PacketTransport,
  servePackets,
  type Packet,
} from '../../src/process/index.ts';
import { readPackets } from '../../src/process/packet-stream.ts';
import { createPsrpShell, type CommandHandler } from '../../src/server/index.ts';
import { conversations } from '../core/support/conversations.ts';

const commands: Record<string, CommandHandler> = {
  'Get-Echo': async ({ arguments: values, write }) => {
    for (const value of values) await write(value);
  },
  'Measure-Input': async ({ input, write }) => {
    let count = 0;
    for await (const _ of input) count += 1;
    await write(count);
  },
  'Wait-Ever': async ({ write, signal }) => {
    await write('started');
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  },
  'Write-Many': async ({ write }) => {
    for (let index = 0; index < 3000; index += 1) await write('x'.repeat(1000));
  },
};

describe('packets', () => {
  test('are written as they were recorded', () => {
    const lines = conversations.flatMap((conversation) => conversation.lines.map(({ line }) => line));
    expect(lines.map((line) => encodePacket(decodePacket(line)))).toEqual(lines);
    expect(lines.length).toBeGreaterThan(600);
  });

  test.each([
    '',
    'text',
    '<Data/>',
    `<Data Stream='Default' PSGuid='${emptyGuid}'>AAAA`,
    `<Data Stream='Other' PSGuid='${emptyGuid}'>AAAA</Data>`,
    `<Data PSGuid='${emptyGuid}'>AAAA</Data>`,
    `<Command PSGuid='1' />`,
    `<Unknown PSGuid='${emptyGuid}' />`,
    `<toString PSGuid='${emptyGuid}' />`,
    `<Command PSGuid='${emptyGuid}' /> more`,
  ])('are refused: %s', (line) => {
    expect(() => decodePacket(line)).toThrow(expect.objectContaining({ code: 'packet-malformed' }));
  });

  test('are read however their stream is split', async () => {
    const lines = conversations[0]?.lines.map(({ line }) => `${line}\r\n`).join('') ?? '';
    const bytes = Buffer.from(`\uFEFF${lines}\n`);
    for (const size of [1, 7, 4096, bytes.length]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
        bytes.subarray(index * size, (index + 1) * size),
      );
      const packets: Packet[] = [];
      for await (const packet of readPackets(Readable.from(pieces))) packets.push(packet);
      expect(packets).toHaveLength(conversations[0]?.lines.length ?? 0);
    }
  });

  test.each([
    ['a line without end', [Buffer.alloc(600, 'x'), Buffer.alloc(600, 'x')]],
    ['a stream that ends within a line', [Buffer.from('<Command')]],
  ])('are refused: %s', async (_, pieces) => {
    const read = async (): Promise<void> => {
      for await (const { type } of readPackets(Readable.from(pieces), 1000)) expect(type).toBeUndefined();
    };
    await expect(read()).rejects.toMatchObject({ code: 'packet-malformed' });
  });
});

describe('a pool over a pair of streams, with both ends of ours', () => {
  async function connect(highWaterMark?: number) {
    const [up, down] = [new PassThrough(), new PassThrough()];
    const served = servePackets(up, down, createPsrpShell({ commands }));
    const options = highWaterMark === undefined ? {} : { highWaterMark };
    const transport = new PacketTransport(down, up, options);
    const pool = await RunspacePool.open(transport, { maxRunspaces: 5 });
    return { pool, served, up, down };
  }

  test('passes a complete session', async () => {
    const { pool, served } = await connect();
    const { output } = await pool.invoke({ command: 'Get-Echo', arguments: [1, 'two'] }).collect();
    expect(output).toEqual([1, 'two']);
    const input = Array.from({ length: 3000 }, (_, index) => index);
    const measured = await pool.invoke({ command: 'Measure-Input' }, { input }).collect();
    expect(measured.output).toEqual([3000]);
    const waiting = pool.invoke({ command: 'Wait-Ever' });
    await waiting.output.next();
    await waiting.stop();
    expect(await waiting.completed).toMatchObject({ state: 'Stopped' });
    await pool.close();
    await served;
    expect(pool.state).toBe('Closed');
  });

  test('holds up its peer while output is unread, and loses nothing', async () => {
    const { pool, served, down } = await connect(65_536);
    const pipeline = pool.invoke({ command: 'Write-Many' }, { highWaterMark: 65_536 });
    await pipeline.output.next();
    for (let turn = 0; turn < 200; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(down.readableLength + down.writableLength).toBeGreaterThan(0);
    let count = 1;
    for await (const _ of pipeline.output) count += 1;
    expect(count).toBe(3000);
    await pool.close();
    await served;
  });

  test('breaks when the peer ends or sends an invalid packet', async () => {
    const first = await connect();
    const pipeline = first.pool.invoke({ command: 'Wait-Ever' });
    await pipeline.output.next();
    first.down.end();
    await expect(pipeline.completed).rejects.toBeInstanceOf(PsrpError);
    expect(await first.pool.ended).toMatchObject({ code: 'transport-ended' });
    first.up.end();
    await first.served;

    const second = await connect();
    second.down.write('nonsense\n');
    expect(await second.pool.ended).toMatchObject({ code: 'packet-malformed' });
    second.up.end();
    await second.served;
  });
});
