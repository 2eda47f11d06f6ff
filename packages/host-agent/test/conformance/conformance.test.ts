import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  agentDigests,
  isRecording,
  ofThisAgent,
  readRecording,
  writeRecording,
} from '../support/recording.ts';
import { PowerShellFarm } from '../support/agent-host.ts';
import { skip, skipReason } from '../support/pwsh.ts';
import { sample } from '../support/sample.ts';
import { scenarios } from './scenarios.ts';
import { agentSide, simulatorSide, type Side, type World } from './side.ts';
import { Stage, type Outcome, type Scenario } from './stage.ts';

async function playOn(open: (world: World) => Promise<Side>, scenario: Scenario): Promise<Outcome> {
  await using side = await open(scenario.world);
  const stage = new Stage(side, scenario);
  await scenario.play(stage);
  return stage.outcome;
}

const recording = readRecording<Record<string, Outcome>>('conformance');

test.skipIf(isRecording)('the agent is the one that was recorded (npm run test:long)', () => {
  expect(recording?.agent).toEqual(agentDigests());
});

describe.skipIf(isRecording)('the simulator does what real PowerShell was recorded doing', () => {
  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))('%s', async (name, scenario) => {
    expect(await playOn(simulatorSide, scenario)).toEqual(recording?.results[name]);
  });
});

describe.skipIf(skip)(`the agent on real PowerShell does what the simulator does${skipReason}`, () => {
  const seen: Record<string, Outcome> = {};
  let farm: PowerShellFarm;

  beforeAll(async () => {
    farm = await PowerShellFarm.open();
  });

  afterAll(async () => {
    await farm[Symbol.asyncDispose]();
    if (!isRecording) return;
    const known = { ...ofThisAgent(recording), ...seen };
    const inOrder = scenarios.flatMap(({ name }) => (known[name] ? [[name, known[name]] as const] : []));
    writeRecording('conformance', Object.fromEntries(inOrder));
  });

  test.each(scenarios.map((scenario) => [scenario.name, scenario] as const))(
    '%s',
    { timeout: 300_000 },
    async (name, scenario) => {
      const real = await playOn((world) => agentSide(farm, world), scenario);
      seen[name] = real;
      expect(real).toEqual(await playOn(simulatorSide, scenario));
    },
  );
});

/** Scenarios that the text plays in each run; all of them in a long one. */
const played = isRecording ? scenarios : sample(scenarios, 6);

describe.skipIf(skip)(`the agent as the text of a session does what the simulator does${skipReason}`, () => {
  let farm: PowerShellFarm;

  beforeAll(async () => {
    farm = await PowerShellFarm.open('text');
  });

  afterAll(() => farm[Symbol.asyncDispose]());

  test.each(played.map((scenario) => [scenario.name, scenario] as const))(
    '%s',
    { timeout: 300_000 },
    async (_name, scenario) => {
      const real = await playOn((world) => agentSide(farm, world), scenario);
      expect(real).toEqual(await playOn(simulatorSide, scenario));
    },
  );
});
