import { HyperVEngine } from '@aether-v/hyperv-sim/engine';
import { createFakeClock } from '@aether-v/hyperv-sim/testing';
import type { AgentLine } from '@aether-v/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseLine } from '../conformance/conversation.ts';
import { operationId } from '../conformance/stage.ts';
import { AgentHost, PowerShellFarm, type AgentSession } from '../support/agent-host.ts';
import { skip, skipReason } from '../support/pwsh.ts';
import {
  agentDigests,
  isRecording,
  missingReason,
  ofThisAgent,
  readRecording,
  writeRecording,
} from '../support/recording.ts';
import { sample, seed } from '../support/sample.ts';
import { killCases, type KillCase } from './kill-cases.ts';
import { openOperations, withoutDrawn, worldText } from './world-text.ts';

/** How many operations a sample has, and how many deaths of each. */
const sampleSize = { operations: 8, deaths: 2 };
/** Two processors: two agents at a time. */
const lanes = 2;

type Fate = 'kill-before' | 'kill-after';
interface Death {
  readonly at: number;
  readonly fate: Fate;
}

/** What a run leaves behind. */
interface End {
  readonly answer: string;
  readonly succeeded: boolean;
  readonly world: readonly string[];
  readonly open: readonly string[];
}

/** Calls that change nothing: whether the agent dies before or after one is the same. */
const reads = /^(Get-|Test-Path)/;

async function lastOf(session: AgentSession, envelope: string): Promise<AgentLine | undefined> {
  let last: AgentLine | undefined;
  for await (const line of session.run(envelope)) last = parseLine(line);
  return last;
}

/** What was deleted has no order: who finishes what another session began finds folders gone before their turn. */
function answerOf(line: AgentLine | undefined): string {
  if (line?.type === 'result') {
    const result = JSON.parse(withoutDrawn(line.result)) as { deleted?: string[] };
    result.deleted?.sort();
    return JSON.stringify(result);
  }
  return line?.type === 'error' ? `${line.error.code}: ${line.error.message}` : 'nothing';
}

function isRunning(line: AgentLine | undefined): boolean {
  return line?.type === 'error' && line.error.code === 'already-running';
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Carries the operation out on a host of its own; an agent that dies on the way is followed by another with the same id. */
async function carryOut(
  farm: PowerShellFarm,
  { fleet, op, request }: KillCase,
  death?: Death,
): Promise<{ readonly end: End; readonly start: readonly string[]; readonly trace: readonly string[] }> {
  const clock = createFakeClock();
  const engine = new HyperVEngine({ clock, seed: 'kill', fleet });
  const advance = (milliseconds: number): void => clock.advance(milliseconds);
  await using host = await AgentHost.open(farm, { engine, hostId: 'n1', advance });
  const start = worldText(engine);
  const envelope = JSON.stringify({
    contract: 2,
    id: operationId(1),
    op,
    timeoutSeconds: 3_600,
    actor: 'ann',
    request: request(engine),
  });
  let session = await host.session();
  if (death) {
    host.bridge.hook = (number) => (number === death.at ? death.fate : undefined);
    const died = await lastOf(session, envelope).then(
      () => false,
      () => true,
    );
    if (!died) throw new Error(`The agent was not killed at call ${death.at}.`);
    host.bridge.hook = undefined;
    farm.forget(session);
    session = await host.session();
  }
  let last = await lastOf(session, envelope);
  // The host is still at what the dead one asked for; somebody asks again later.
  for (let again = 0; again < 3 && isRunning(last); again++) {
    clock.advance(400_000);
    last = await lastOf(session, envelope);
  }
  farm.put(session);
  const trace = [...host.bridge.trace];
  // What the host does by itself afterwards is not the agent's.
  clock.advance(600_000);
  const end = {
    answer: answerOf(last),
    succeeded: last?.type === 'result',
    world: worldText(engine),
    open: openOperations(host.dataFolder),
  };
  engine.dispose();
  return { end, start, trace };
}

/** A death before each call, and one after each that changes something. */
function deathsOf(trace: readonly string[]): readonly Death[] {
  return trace.flatMap((call, index): Death[] => {
    const at = index + 1;
    const before: Death = { at, fate: 'kill-before' };
    return reads.test(call) ? [before] : [before, { at, fate: 'kill-after' }];
  });
}

async function inLanes<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** How often an operation calls Hyper-V, and how often its agent was killed. */
type Results = Record<string, { readonly calls: number; readonly deaths: number }>;

const recording = readRecording<Results>('kill');
const results: Partial<Results> = isRecording ? { ...ofThisAgent(recording) } : {};

function record(name: string, result: Results[string]): void {
  results[name] = result;
  const inOrder = killCases.flatMap((one) => {
    const known = results[one.name];
    return known ? [[one.name, known] as const] : [];
  });
  writeRecording('kill', Object.fromEntries(inOrder));
}

test.skipIf(isRecording || recording === undefined)(
  `the recording of every death is of this agent${missingReason(recording)}`,
  () => {
    expect(recording?.agent).toEqual(agentDigests());
  },
);

const unrecorded = killCases.map(({ name }) => name).filter((name) => !(name in (recording?.results ?? {})));
const notYet = `(skipped: not yet ${unrecorded.join(', ')}; npm run test:long records them)`;
test.skipIf(isRecording || unrecorded.length > 0)(
  `every death of every operation is recorded ${unrecorded.length > 0 ? notYet : ''}`.trim(),
  () => {
    expect(Object.keys(recording?.results ?? {})).toEqual(killCases.map(({ name }) => name));
  },
);

describe.skipIf(skip)(
  `the agent is killed and the same id is sent again${skipReason}`,
  { timeout: 10_800_000 },
  () => {
    let farm: PowerShellFarm;

    beforeAll(async () => {
      farm = await PowerShellFarm.open();
    });
    afterAll(async () => {
      await farm[Symbol.asyncDispose]();
    });

    const extent = isRecording ? 'at every call' : `at ${sampleSize.deaths} calls drawn with seed ${seed}`;

    const cases = isRecording
      ? killCases.filter(({ name }) => !(name in results))
      : sample(killCases, sampleSize.operations);

    test.each(cases.map((one, index) => [`${one.name}, ${extent}`, one, index] as const))(
      '%s',
      async (_name, one, index) => {
        const undisturbed = await carryOut(farm, one);
        expect(undisturbed.end).toMatchObject({ succeeded: true, open: [] });
        // Otherwise a world that is as it was would prove nothing.
        expect(isSame(undisturbed.end.world, undisturbed.start)).toBe(one.unchanged !== undefined);
        const every = deathsOf(undisturbed.trace);
        const deaths = isRecording ? every : sample(every, sampleSize.deaths, index);
        const wrong: unknown[] = [];
        await inLanes(deaths, async (death) => {
          const { end, start } = await carryOut(farm, one, death);
          const isDone = end.answer === undisturbed.end.answer && isSame(end.world, undisturbed.end.world);
          // Only a failure may leave the world as it was.
          const isUndone = !end.succeeded && isSame(end.world, start);
          if ((isDone || isUndone) && end.open.length === 0) return;
          const known = new Set(undisturbed.end.world);
          const there = new Set(end.world);
          wrong.push({
            ...death,
            call: undisturbed.trace[death.at - 1],
            answer: end.answer.slice(0, 600),
            more: end.world.filter((line) => !known.has(line)),
            less: undisturbed.end.world.filter((line) => !there.has(line)),
            open: end.open,
          });
        });
        const calls = undisturbed.trace.length;
        console.log(`${one.name}: N = ${calls} calls, killed ${deaths.length} times`);
        expect(wrong).toEqual([]);
        if (isRecording) record(one.name, { calls, deaths: deaths.length });
        else expect(recording?.results[one.name]?.calls ?? calls).toBe(calls);
      },
    );
  },
);
