import { describe, expect, test } from 'vitest';
import { runSteps } from '../../../src/doctor/steps/run-steps.ts';
import {
  failed,
  failedBy,
  passed,
  unknown,
  type Finding,
  type Step,
  type StepResult,
} from '../../../src/doctor/steps/step.ts';
import { HostOperationError } from '../../../src/host-adapter/errors/host-operation-error.ts';
import { FakeClock } from '../../support/fake-clock.ts';

const late = failedBy('timeout');

function step(id: string, run: Step<null>['run'], isOver = false): Step<null> {
  return { id, title: id, limit: 1000, onLimit: late, isOver: () => isOver, run };
}

function giving(finding: Finding, isOver?: boolean): Step<null> {
  return step(finding.text, () => Promise.resolve(finding), isOver);
}

async function run(steps: readonly Step<null>[]): Promise<readonly string[]> {
  const heard: StepResult[] = [];
  const options = { clock: new FakeClock(), signal: new AbortController().signal };
  const results = await runSteps(steps, null, { ...options, onResult: (result) => heard.push(result) });
  expect(heard).toEqual(results);
  return results.map(({ verdict, text }) => `${verdict} ${text}`);
}

describe('steps', () => {
  test('run in order, regardless of inconclusive results', async () => {
    expect(
      await run([giving(passed('a')), giving(unknown('b')), giving(failed('c', 'do')), giving(passed('d'))]),
    ).toEqual(['passed a', 'unknown b', 'failed c', 'passed d']);
  });

  test('stop after a failure that makes the rest impossible', async () => {
    expect(
      await run([giving(passed('a'), true), giving(failed('b', 'do'), true), giving(passed('c'))]),
    ).toEqual(['passed a', 'failed b']);
  });

  test('fail with the problem of the connection error', async () => {
    const error = HostOperationError.of('quota-shells', { began: false });
    const results = await run([step('a', () => Promise.reject(error)), giving(passed('b'))]);
    expect(results).toEqual([`failed ${error.message}`, 'passed b']);
  });

  test('are abandoned after their time limit, even if they ignore it', async () => {
    const clock = new FakeClock();
    const options = { clock, signal: new AbortController().signal, onResult: () => undefined };
    const running = runSteps(
      [step('a', () => new Promise(() => undefined)), giving(passed('b'))],
      null,
      options,
    );
    await clock.advance(1000);
    expect(await running).toMatchObject([
      { id: 'a', problem: 'timeout', remedy: late.remedy, milliseconds: 1000 },
      { id: 'b', verdict: 'passed' },
    ]);
  });

  test('end at once when the run is aborted', async () => {
    const leaving = new AbortController();
    const options = { clock: new FakeClock(), signal: leaving.signal, onResult: () => undefined };
    const running = runSteps([step('a', () => new Promise(() => undefined))], null, options);
    const reason = new Error('enough');
    leaving.abort(reason);
    await expect(running).rejects.toBe(reason);
  });

  test('rethrow unexpected errors', async () => {
    await expect(run([step('a', () => Promise.reject(new TypeError('a mistake')))])).rejects.toThrow(
      'a mistake',
    );
  });
});
