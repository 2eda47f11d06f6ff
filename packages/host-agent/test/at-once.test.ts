import { readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HyperVEngine } from '@aether-v/hyperv-sim/engine';
import { createFakeClock } from '@aether-v/hyperv-sim/testing';
import type { AgentLine } from '@aether-v/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseLine } from './conformance/conversation.ts';
import { operationId } from './conformance/stage.ts';
import { fleetOf, small } from './conformance/worlds.ts';
import { AgentHost, PowerShellFarm, type AgentSession } from './support/agent-host.ts';
import { skip, skipReason } from './support/pwsh.ts';

const rounds = 12;
const empty = { sizeBytes: 1024 ** 3, type: 'Dynamic' } as const;

async function endOf(session: AgentSession, envelope: string): Promise<AgentLine> {
  let last: AgentLine | undefined;
  for await (const line of session.run(envelope)) last = parseLine(line);
  if (!last) throw new Error('Nothing was said.');
  return last;
}

function codeOf(line: AgentLine): string {
  return line.type === 'error' ? line.error.code : line.type;
}

describe.skipIf(skip)(`two sessions at the same moment${skipReason}`, { timeout: 300_000 }, () => {
  let farm: PowerShellFarm;
  let host: AgentHost;
  let engine: HyperVEngine;
  let sessions: readonly [AgentSession, AgentSession];
  let vmId: string;

  beforeAll(async () => {
    farm = await PowerShellFarm.open();
    const clock = createFakeClock();
    engine = new HyperVEngine({ clock, seed: 'at once', fleet: fleetOf([small('A', { disksGb: [10] })]) });
    const advance = (milliseconds: number): void => clock.advance(milliseconds);
    host = await AgentHost.open(farm, { engine, hostId: 'n1', advance });
    sessions = [await host.session(), await host.session()];
    vmId = engine.vms('n1')[0]?.vmId ?? '';
  }, 120_000);

  afterAll(async () => {
    await farm[Symbol.asyncDispose]();
    await host[Symbol.asyncDispose]();
    engine.dispose();
  });

  let made = 0;
  const envelope = (id: string, more: Record<string, unknown> = {}): string =>
    JSON.stringify({
      contract: 2,
      id,
      op: 'disk.create',
      timeoutSeconds: 3_600,
      actor: 'ann',
      request: { vmId, disk: empty, storageClass: null },
      ...more,
    });
  const disks = (): number => engine.vm('n1', vmId)?.disks.length ?? 0;

  async function together(first: string, second: string): Promise<readonly string[]> {
    const [one, other] = sessions;
    const ends = await Promise.all([endOf(one, first), endOf(other, second)]);
    return ends.map(codeOf).sort();
  }

  test(`the same id is carried out once (${rounds} times)`, async () => {
    for (let round = 0; round < rounds; round++) {
      const before = disks();
      const text = envelope(operationId(++made));
      const codes = await together(text, text);
      expect(codes).toContain('result');
      for (const code of codes) expect(['result', 'already-running']).toContain(code);
      expect(disks()).toBe(before + 1);
    }
  });

  test(`the same idempotency key is carried out once (${rounds} times)`, async () => {
    for (let round = 0; round < rounds; round++) {
      const before = disks();
      const key = { idempotencyKey: `key ${round}` };
      const codes = await together(envelope(operationId(++made), key), envelope(operationId(++made), key));
      expect(codes).toContain('result');
      for (const code of codes) expect(['result', 'already-running']).toContain(code);
      expect(disks()).toBe(before + 1);
    }
  });

  test(`an operation whose session died is taken over once (${rounds} times)`, async () => {
    for (let round = 0; round < rounds; round++) {
      const before = disks();
      const id = operationId(++made);
      const entry = { operationId: id, op: 'disk.create', state: 'running', vmId, actor: 'ann' };
      const times = { startedAt: '2026-01-01T00:00:00.000Z', finishedAt: null, percent: null, message: null };
      const record = { entry: { ...entry, ...times }, target: vmId, step: 'begun', facts: {} };
      writeFileSync(join(host.dataFolder, 'journal', `${id}.json`), JSON.stringify(record));
      const codes = await together(envelope(id), envelope(id));
      expect(codes).toContain('result');
      for (const code of codes) expect(['result', 'already-running']).toContain(code);
      expect(disks()).toBe(before + 1);
    }
  });

  test('what sessions that died have left is swept, and nothing else', async () => {
    const old = new Date(Date.now() - 3 * 24 * 3_600_000);
    const leave = (folder: string, name: string, text: string): void => {
      const path = join(host.dataFolder, folder, name);
      writeFileSync(path, text);
      utimesSync(path, old, old);
    };
    const known = operationId(1);
    leave('journal', `${operationId(8_000)}.json.x.tmp`, '{');
    leave('cancel', operationId(8_001), '');
    leave('active', operationId(8_002), '');
    leave('keys', 'A'.repeat(64), operationId(8_003));
    leave('keys', 'B'.repeat(64), known);
    leave('cancel', 'desktop.ini', '');
    utimesSync(join(host.dataFolder, 'journal', 'swept'), old, old);
    await endOf(sessions[0], envelope(operationId(++made)));
    const files = (folder: string): readonly string[] => readdirSync(join(host.dataFolder, folder));
    expect(files('journal').filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(files('cancel')).toEqual(['desktop.ini']);
    expect(files('active')).toEqual([]);
    expect(files('keys')).not.toContain('A'.repeat(64));
    expect(files('keys')).toContain('B'.repeat(64));
    expect(files('journal')).toContain(`${known}.json`);
  });
});
