import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HyperVEngine, type FleetSpec } from '@aether-v/hyperv-sim/engine';
import { createFakeClock } from '@aether-v/hyperv-sim/testing';
import { contractSchemas, operations, type OperationName } from '@aether-v/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRequest } from '../conformance/lifecycle-scenarios.ts';
import { parseLine } from '../conformance/conversation.ts';
import { settingsOf } from '../conformance/editable-settings.ts';
import { operationId } from '../conformance/stage.ts';
import { fleetOf, small } from '../conformance/worlds.ts';
import { AgentHost, PowerShellFarm } from '../support/agent-host.ts';
import { skip, skipReason } from '../support/pwsh.ts';
import {
  agentDigests,
  isRecording,
  missingReason,
  readRecording,
  writeRecording,
} from '../support/recording.ts';
import { sample, seed } from '../support/sample.ts';
import { hostileCount, hostileValues } from './hostile-values.ts';
import { storedTexts } from './stored-texts.ts';
import { stringFields, withText, type FieldPath } from './string-fields.ts';

/** Carries out each envelope in turn, and returns the last line of each. */
const runAll = `param($Json) foreach ($one in (ConvertFrom-Json -InputObject $Json -NoEnumerate)) {
  @(Invoke-AetherVOperation -Request $one)[-1]
}`;
/** How many global variables the texts have set. */
const canaries = '(Get-Variable -Scope Global -Name Canary -ErrorAction Ignore | Measure-Object).Count';
/** What an agent says when it does not know what went wrong. */
const unclear = new Set(['internal', 'agent-error', 'outcome-unknown']);
/** How many envelopes go to the host at a time, where nothing has to be looked up between them. */
const batch = 100;
/** How many values each field gets in this run. */
const valuesPerField = isRecording ? hostileCount : 10;

/** What became of the values: how many fields and texts there were, and how many texts were kept. */
interface Results {
  readonly fields: number;
  readonly texts: number;
  readonly kept: number;
}
const recording = readRecording<Results>('hostile');

const fleet: FleetSpec = fleetOf([
  small('A', { disksGb: [10], checkpoints: [{ name: 'one', ageHours: 9 }] }),
  small('B', { disksGb: [5] }),
]);

/** A request that the host could carry out, to put hostile texts into. */
function requestOf(op: OperationName, engine: HyperVEngine): Record<string, unknown> {
  const [vm] = engine.vms('n1').filter(({ name }) => name === (op.startsWith('disk') ? 'B' : 'A'));
  if (!vm) throw new Error('There is no VM.');
  const [disk] = vm.disks;
  const everything: Record<string, unknown> = {
    vmId: vm.vmId,
    name: 'A',
    diskId: disk?.id,
    path: disk?.path,
    keep: [],
    sizeBytes: 20 * 1024 ** 3,
    disk: { image: 'debian-12', sizeBytes: null },
    storageClass: null,
    driveId: null,
    iso: 'ubuntu-24.04.2-live-server-amd64.iso',
    adapterId: vm.networkAdapters[0]?.id,
    adapter: { network: null, macAddress: null },
    network: 'servers',
    vlanId: null,
    macAddress: null,
    checkpointId: vm.checkpoints[0]?.id,
    force: false,
    subtree: false,
    deleteDisks: false,
    targetHostId: null,
    changes: {},
    expected: settingsOf(vm),
    op: 'vm.start',
    request: { vmId: vm.vmId },
    operationId: operationId(999_999),
    since: null,
    usageSeconds: null,
    reconcileSeconds: 300,
  };
  const { properties = {} } = operations[op].request as { readonly properties?: Record<string, unknown> };
  if (op === 'vm.create') {
    const [first] = createRequest.disks;
    return { ...createRequest, disks: [first, { sizeBytes: 1024 ** 3, type: 'Dynamic' }], clustered: false };
  }
  return Object.fromEntries(
    Object.keys(properties).flatMap((name) => (name in everything ? [[name, everything[name]]] : [])),
  );
}

interface Target {
  readonly op: OperationName;
  readonly path: FieldPath;
  readonly inEnvelope: boolean;
}

function targets(): readonly Target[] {
  const schemas = contractSchemas();
  const names = Object.keys(operations) as OperationName[];
  const inRequests = names.flatMap((op) =>
    stringFields(schemas[`${op}.request`]).map((path) => ({ op, path, inEnvelope: false })),
  );
  const inEnvelope = stringFields(schemas['envelope']).map((path): Target => ({
    op: 'vm.update',
    path,
    inEnvelope: true,
  }));
  return [...inEnvelope, ...inRequests];
}

/** A field by operation and path. */
const titleOf = ({ op, path, inEnvelope }: Target): string =>
  `${inEnvelope ? 'envelope' : op} ${path.join('/')}`;

/** What the fleet holds, to see that nothing was changed. */
function everythingOf(engine: HyperVEngine): string {
  const files = engine
    .steps('n1')
    .files.volumes()
    .flatMap((volume) => [...volume.files.keys()]);
  return JSON.stringify([engine.vms('n1'), files]);
}

test.skipIf(isRecording || recording === undefined)(
  `the recording of every hostile text is of this agent${missingReason(recording)}`,
  () => {
    expect(recording?.agent).toEqual(agentDigests());
    expect(recording?.results.texts).toBe(targets().length * hostileCount);
  },
);

describe.skipIf(skip)(`hostile texts${skipReason}`, { timeout: 10_800_000 }, () => {
  let farm: PowerShellFarm;
  let folder: string;

  beforeAll(async () => {
    farm = await PowerShellFarm.open();
    folder = mkdtempSync(join(tmpdir(), 'hostile-'));
  });
  afterAll(async () => {
    await farm[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  const fields = targets();

  /** Tries every value in one field; returns what went wrong, and how many were taken. */
  async function tryField(
    target: Target,
    index: number,
  ): Promise<{ field: string; wrong: unknown[]; kept: number }> {
    const { op, path, inEnvelope } = target;
    const field = titleOf(target);
    const stored = storedTexts[field];
    const wrong: unknown[] = [];
    let kept = 0;
    const canary = join(folder, 'canary');
    const clock = createFakeClock();
    const engine = new HyperVEngine({ clock, seed: 'hostile', fleet });
    const advance = (milliseconds: number): void => clock.advance(milliseconds);
    await using host = await AgentHost.open(farm, { engine, hostId: 'n1', advance });
    const session = await host.session();
    let number = 0;
    const request = requestOf(op, engine);
    const envelopeWith = (value: string): string => {
      number++;
      const envelope = {
        contract: 2,
        id: operationId(number),
        op,
        timeoutSeconds: op === 'watch' ? 1 : 600,
        actor: 'ann',
        request: inEnvelope ? { ...request, changes: { notes: 'x' } } : withText(named(request), path, value),
      };
      return JSON.stringify(inEnvelope ? withText(envelope, path, value) : envelope);
    };
    // Of VMs with one name or address the second is refused, whatever its other texts.
    const named = (one: Record<string, unknown>): Record<string, unknown> => {
      if (op !== 'vm.create') return one;
      const alone = { ...one, name: `NEW-${number}` };
      return stored ? { ...alone, disks: [], networkAdapters: [], dvd: null } : alone;
    };
    const values = sample(hostileValues(canary), valuesPerField, index);
    const step = stored ? 1 : batch;
    for (let start = 0; start < values.length; start += step) {
      const part = values.slice(start, start + step);
      const first = number + 1;
      const before = stored ? '' : everythingOf(engine);
      const lines = await session.script(runAll, { Json: JSON.stringify(part.map(envelopeWith)) });
      if (lines.length !== part.length) wrong.push({ field, lines: lines.length });
      // What a deletion is told to keep it compares, and stores nowhere.
      const isChanged =
        !stored &&
        operations[op].mutates &&
        !inEnvelope &&
        !path.includes('keep') &&
        before !== everythingOf(engine);
      for (const [index, text] of lines.entries()) {
        const value = part[index] ?? '';
        const line = parseLine(String(text));
        if (line.type === 'result') {
          kept++;
          const taken = {
            engine,
            dataFolder: host.dataFolder,
            operationId: operationId(first + index),
            text: value,
            result: line.result as Readonly<Record<string, unknown>>,
          };
          if (stored ? stored(taken) === value : !isChanged) continue;
        } else if (line.type === 'error' && !unclear.has(line.error.code)) continue;
        wrong.push({ field, value: value.slice(0, 100), line: JSON.stringify(line).slice(0, 300) });
      }
    }
    const [count] = await session.script(canaries);
    if (count !== 0 || existsSync(canary)) wrong.push({ field, canary: 'sings' });
    farm.put(session);
    engine.dispose();
    return { field, wrong, kept };
  }

  test(`${fields.length} fields of text with ${valuesPerField} values each (seed ${seed}): refused clearly, or kept to the letter`, async () => {
    expect(fields.length).toBeGreaterThan(60);
    const queue = [...fields.entries()];
    const ends: Awaited<ReturnType<typeof tryField>>[] = [];
    const lane = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) ends.push(await tryField(next[1], next[0]));
    };
    await Promise.all([lane(), lane()]);
    const stored = ends.filter(({ field }) => field in storedTexts);
    expect(stored.map(({ field }) => field).toSorted()).toEqual(Object.keys(storedTexts).toSorted());
    for (const { field, kept } of stored) console.log(`${field}: ${kept} stored`);
    const kept = ends.reduce((sum, one) => sum + one.kept, 0);
    const texts = fields.length * valuesPerField;
    console.log(`${texts} texts: ${kept} kept, the others refused`);
    expect(ends.flatMap(({ wrong }) => wrong)).toEqual([]);
    expect(kept).toBeGreaterThan(0);
    if (!isRecording) return;
    expect(stored.filter(({ kept }) => kept === 0)).toEqual([]);
    writeRecording('hostile', { fields: fields.length, texts, kept } satisfies Results);
  });

  test('the test detects it if a text is run as code', async () => {
    const canary = join(folder, 'executed');
    const engine = new HyperVEngine({ clock: createFakeClock(), seed: 'hostile', fleet });
    await using host = await AgentHost.open(farm, { engine, hostId: 'n1', advance: () => undefined });
    const session = await host.session();
    await session.script(
      'param($Json) foreach ($one in (ConvertFrom-Json -InputObject $Json -NoEnumerate)) { try { Invoke-Expression -Command $one | Out-Null } catch { } }',
      { Json: JSON.stringify(hostileValues(canary).filter((value) => value.startsWith('$('))) },
    );
    expect(await session.script(canaries)).toEqual([1]);
    expect(existsSync(canary)).toBe(true);
    await session.script('Remove-Variable -Scope Global -Name Canary');
    farm.put(session);
    engine.dispose();
  });
});
