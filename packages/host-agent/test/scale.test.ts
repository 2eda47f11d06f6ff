import { HyperVEngine, type FleetSpec } from '@aether-v/hyperv-sim/engine';
import { createFakeClock } from '@aether-v/hyperv-sim/testing';
import type { AgentLine } from '@aether-v/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { languages, type HostLanguage } from './bridge/cultures.ts';
import { parseLine } from './conformance/conversation.ts';
import { operationId } from './conformance/stage.ts';
import { fleetOf, small } from './conformance/worlds.ts';
import { AgentHost, PowerShellFarm } from './support/agent-host.ts';
import { skip, skipReason } from './support/pwsh.ts';
import {
  agentDigests,
  isRecording,
  missingReason,
  readRecording,
  writeRecording,
} from './support/recording.ts';
import { sample } from './support/sample.ts';

function fleetOfRunning(count: number, clustered = false): FleetSpec {
  const octet = (index: number): number => 1 + (index % 250);
  return fleetOf(
    Array.from({ length: count }, (_, index) =>
      small(`VM-${index}`, { state: 'Running', octet: octet(index), memoryGb: 0.5, disksGb: [1], clustered }),
    ),
  );
}

/** A fleet whose VMs have started long ago, and whose guests have said who they are. */
function longRunning(
  count: number,
  clustered = false,
): { engine: HyperVEngine; clock: ReturnType<typeof createFakeClock> } {
  const clock = createFakeClock();
  const engine = new HyperVEngine({ clock, seed: 'scale', fleet: fleetOfRunning(count, clustered) });
  clock.advance(600_000);
  return { engine, clock };
}

/** What a watch did in a while. */
interface Watched {
  readonly calls: number;
  readonly looks: number;
  /** Calls by cmdlet and class or method, from the first look on. */
  readonly counts: Readonly<Record<string, number>>;
  /** Of the lines after the beginning. */
  readonly bytes: number;
  /** Of HTTP in both directions, from the first look on. */
  readonly wireBytes: number;
  /** What was said of VMs at the beginning, without moments. */
  readonly first: readonly string[];
  /** What was said after that. */
  readonly lines: readonly AgentLine[];
}

interface WatchOptions {
  readonly language?: HostLanguage;
  readonly usageSeconds?: number | null;
  readonly reconcileSeconds?: number;
  readonly clustered?: boolean;
  /** Called at each look, with its number. */
  readonly onLook?: (look: number, engine: HyperVEngine) => void;
}

const recording = readRecording('watch');
test.skipIf(isRecording || recording === undefined)(
  `the recording of ten minutes of watching is of this agent${missingReason(recording)}`,
  () => {
    expect(recording?.agent).toEqual(agentDigests());
  },
);

describe.skipIf(skip)(`many VMs of which only usage moves${skipReason}`, { timeout: 600_000 }, () => {
  let farm: PowerShellFarm;

  beforeAll(async () => {
    farm = await PowerShellFarm.open();
  });
  afterAll(async () => {
    await farm[Symbol.asyncDispose]();
  });

  async function watch(
    count: number,
    seconds: number,
    { language, usageSeconds = null, reconcileSeconds = 3_600, clustered = false, onLook }: WatchOptions = {},
  ): Promise<Watched> {
    const { engine, clock } = longRunning(count, clustered);
    let looks = 0;
    let wire = 0;
    const advance = (milliseconds: number): void => {
      if (looks === 0) {
        wire = farm.bytesOnTheWire;
        host.bridge.resetCounts();
      }
      looks++;
      onLook?.(looks, engine);
      clock.advance(milliseconds);
    };
    const host: AgentHost = await AgentHost.open(farm, {
      engine,
      hostId: 'n1',
      advance,
      ...(language && { language }),
    });
    const session = await host.session();
    const envelope = JSON.stringify({
      contract: 2,
      id: operationId(1),
      op: 'watch',
      timeoutSeconds: seconds,
      actor: 'service',
      request: { usageSeconds, reconcileSeconds },
    });
    const texts: string[] = [];
    for await (const line of session.run(envelope)) texts.push(line);
    const { total: calls, counts } = host.bridge;
    const wireBytes = farm.bytesOnTheWire - wire;
    farm.put(session);
    await host[Symbol.asyncDispose]();
    engine.dispose();
    const begun = texts.findIndex((text) => text.includes('"kind":"synced"')) + 1;
    const later = texts.slice(begun + (usageSeconds === null ? 0 : 1));
    return {
      calls,
      looks,
      counts,
      bytes: later.reduce((sum, line) => sum + Buffer.byteLength(line), 0),
      wireBytes,
      first: texts
        .slice(0, begun)
        .filter((text) => text.includes('"kind":"vm"'))
        .map((text) => text.replace(/"\w+At":"[^"]+"/g, '')),
      lines: later.map(parseLine),
    };
  }

  const countOf = (lines: readonly AgentLine[], kind: string): number =>
    lines.filter((line) => line.type === 'item' && (line.item as { readonly kind?: string }).kind === kind)
      .length;

  test('a look takes the same few calls for 10, 100 and 500 VMs, and says nothing', async () => {
    const runs = [];
    for (const count of [10, 100, 500]) runs.push(await watch(count, 60));
    const [first] = runs;
    for (const { calls, looks, bytes, wireBytes, lines } of runs) {
      console.log(`${calls} calls in ${looks} looks, ${bytes} bytes of lines, ${wireBytes} on the wire`);
      expect(wireBytes / looks).toBeLessThanOrEqual(2_048);
      expect(calls).toBe(first?.calls);
      expect(looks).toBe(first?.looks);
      expect(calls / looks).toBeLessThanOrEqual(20);
      expect(bytes).toBeLessThanOrEqual(2_048);
      expect(lines.filter(({ type }) => type === 'item')).toEqual([]);
    }
  });

  const watched = isRecording
    ? { vms: 500, seconds: 600, reconcileSeconds: 300 }
    : { vms: sample([50, 100, 150, 200], 1)[0] ?? 50, seconds: 120, reconcileSeconds: 60 };
  test(`a watch with usage and reconciliation says no VM again (${watched.vms} VMs, ${watched.seconds} simulated seconds)`, async () => {
    const { vms, seconds, reconcileSeconds } = watched;
    const { lines, looks } = await watch(vms, seconds, { usageSeconds: 5, reconcileSeconds });
    const kinds = lines.flatMap((line) =>
      line.type === 'item' ? [(line.item as { readonly kind: string }).kind] : [],
    );
    const samples = countOf(lines, 'usage');
    console.log(`${looks} looks, ${samples} samples of usage`);
    expect(looks).toBeGreaterThanOrEqual(seconds / 2 - 10);
    expect(lines.at(-1)).toMatchObject({ type: 'result', result: { reason: 'timeout' } });
    // A reconciliation sends the host and its cluster again, and of VMs what has changed: nothing.
    expect(new Set(kinds)).toEqual(new Set(['usage', 'host', 'cluster', 'synced']));
    expect(countOf(lines, 'host')).toBe(countOf(lines, 'synced'));
    expect(samples).toBeGreaterThanOrEqual(seconds / 5 - 5);
    if (isRecording) writeRecording('watch', { ...watched, looks, samples });
  });

  const roleQueries = ({ counts }: Watched): number =>
    (counts['Get-CimInstance MSCluster_Resource'] ?? 0) +
    (counts['Get-CimInstance MSCluster_ResourceGroup'] ?? 0);

  test('ten idle minutes on a cluster query none of its resources once the watch has settled', async () => {
    const settled = await watch(20, 90, { clustered: true });
    const longer = await watch(20, 690, { clustered: true });
    console.log(
      `${roleQueries(settled)} queries for roles in 90 s, ${roleQueries(longer)} in 690 s (${longer.looks} looks)`,
    );
    expect(longer.looks).toBeGreaterThan(300);
    expect(roleQueries(longer)).toBe(roleQueries(settled));
    expect(roleQueries(settled)).toBeLessThanOrEqual(14);
  });

  test('a role that is removed during an idle watch is reported at the next look', async () => {
    let vmId = '';
    const { lines } = await watch(3, 240, {
      clustered: true,
      onLook: (look, engine) => {
        if (look !== 100) return;
        vmId = engine.vms('n1')[1]?.vmId ?? '';
        engine.steps('n1').cluster.removeVmRole(vmId);
      },
    });
    const said = lines.flatMap((line) =>
      line.type === 'item' && (line.item as { readonly kind?: string }).kind === 'vm' ? [line.item] : [],
    );
    expect(said).toMatchObject([{ vm: { vmId, clusterRole: null } }]);
  });

  test('usage of 100 VMs is sampled in one line, by the same calls', async () => {
    const { lines, calls, looks } = await watch(100, 61, { usageSeconds: 30 });
    expect(countOf(lines, 'usage')).toBe(2);
    expect(countOf(lines, 'vm')).toBe(0);
    expect(calls / looks).toBeLessThanOrEqual(20);
    for (const line of lines) {
      if (line.type !== 'item') continue;
      const item = line.item as { readonly kind: string; readonly vms?: readonly unknown[] };
      if (item.kind === 'usage') expect(item.vms).toHaveLength(100);
    }
  });

  test('a whole inventory takes the same calls for 10, 100 and 500 VMs, and two for each disk', async () => {
    const counts = [];
    for (const count of [10, 100, 500]) {
      const { engine } = longRunning(count);
      await using host = await AgentHost.open(farm, { engine, hostId: 'n1', advance: () => undefined });
      const session = await host.session();
      const envelope = { contract: 2, id: operationId(1), op: 'inventory', timeoutSeconds: 60, actor: 'ann' };
      const lines: AgentLine[] = [];
      for await (const text of session.run(JSON.stringify({ ...envelope, request: {} })))
        lines.push(parseLine(text));
      farm.put(session);
      expect(lines.at(-1)).toMatchObject({ type: 'result' });
      expect(countOf(lines, 'vm')).toBe(count);
      // Disks are asked one by one, each with a time limit of its own: two calls for each.
      const disks = host.bridge.trace.filter((call) => call.includes('GetVirtualHardDisk')).length;
      expect(disks).toBe(
        2 * new Set(engine.vms('n1').flatMap((vm) => vm.disks.map(({ path }) => path))).size,
      );
      engine.dispose();
      counts.push(host.bridge.total - disks);
    }
    console.log(`${counts.join(', ')} calls of an inventory`);
    expect(new Set(counts).size).toBe(1);
  });

  test.each(['german', 'japanese'] as const)('a %s host says what an English one says', async (language) => {
    const [here, there] = [await watch(50, 30), await watch(50, 30, { language: languages[language] })];
    expect(there.first).toEqual(here.first);
    expect(there.calls).toBe(here.calls);
    expect(there.lines.map(({ type }) => type)).toEqual(here.lines.map(({ type }) => type));
  });
});
