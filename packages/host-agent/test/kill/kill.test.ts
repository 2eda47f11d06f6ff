import { HyperVEngine } from '@aether-v/hyperv-sim/engine';
import { createFakeClock } from '@aether-v/hyperv-sim/testing';
import type { AgentLine } from '@aether-v/types';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseLine } from '../conformance/conversation.ts';
import { operationId } from '../conformance/stage.ts';
import { AgentHost, PowerShellFarm, type AgentSession } from '../support/agent-host.ts';
import { skip, skipReason } from '../support/pwsh.ts';
import { agentDigests, isRecording, readRecording, writeRecording } from '../support/recording.ts';
import { killCases, type KillCase } from './kill-cases.ts';
import { openOperations, withoutDrawn, worldText } from './world-text.ts';

const all = process.env['AETHER_KILL'] === 'all';
/** Of those whose every call is tried when results are recorded, other runs try each that this divides, beside those that change something. */
const stride = 9;
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
    contract: 1,
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
    if (!died) throw new Error(`Nobody died at call ${death.at}.`);
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

/** Whether this run tries every call of an operation. */
function isEach({ always }: KillCase): boolean {
  return all || (isRecording && always);
}

function deathsOf(trace: readonly string[], one: KillCase): readonly Death[] {
  return trace.flatMap((call, index): Death[] => {
    const at = index + 1;
    const tries: Death[] = [{ at, fate: 'kill-before' }];
    if (!reads.test(call)) tries.push({ at, fate: 'kill-after' });
    return isEach(one) || !reads.test(call) || (one.always && at % stride === 0) ? tries : [];
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
const results: Results = {};

test.skipIf(isRecording)(
  'the agent is the one that was killed at every call (npm run record -w @aether-v/host-agent)',
  () => {
    expect(recording?.agent).toEqual(agentDigests());
    expect(Object.keys(recording?.results ?? {})).toEqual(
      killCases.filter(({ always }) => always).map(({ name }) => name),
    );
  },
);

describe.skipIf(skip)(
  `the agent is killed and the same id is sent again${skipReason}`,
  { timeout: 900_000 },
  () => {
    let farm: PowerShellFarm;

    beforeAll(async () => {
      farm = await PowerShellFarm.open();
    });
    afterAll(async () => {
      await farm[Symbol.asyncDispose]();
      if (isRecording) writeRecording('kill', results);
    });

    const nameOf = (one: KillCase): string => {
      if (isEach(one)) return `${one.name}, at every call`;
      const others = one.always ? ` and each ${stride}th of the others` : '';
      return `${one.name}, at each call that changes something${others}`;
    };

    test.each(killCases.map((one) => [nameOf(one), one] as const))('%s', async (_name, one) => {
      const undisturbed = await carryOut(farm, one);
      expect(undisturbed.end).toMatchObject({ succeeded: true, open: [] });
      // Otherwise a world that is as it was would prove nothing.
      expect(isSame(undisturbed.end.world, undisturbed.start)).toBe(one.unchanged !== undefined);
      const deaths = deathsOf(undisturbed.trace, one);
      const wrong: unknown[] = [];
      await inLanes(deaths, async (death) => {
        const { end, start } = await carryOut(farm, one, death);
        const isDone = end.answer === undisturbed.end.answer && isSame(end.world, undisturbed.end.world);
        // Whoever says that it succeeded must have done it.
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
      if (one.always && isRecording) results[one.name] = { calls, deaths: deaths.length };
      else if (one.always) expect(recording?.results[one.name]?.calls).toBe(calls);
    });
  },
);
