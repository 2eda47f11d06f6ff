import { describe, expect, test } from 'vitest';
import type { Plan } from '@aether-v/types';
import { Planner, type PlannerPorts } from '../../src/vm-forms/planner.ts';

interface Asked {
  readonly input: string;
  readonly signal: AbortSignal;
  readonly answer: (plan: Plan) => void;
  readonly fail: (error: Error) => void;
}

const planNamed = (title: string): Plan => ({ title, ok: true }) as Plan;
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** A planner whose pauses and answers a test decides. */
function makePlanner() {
  const pauses: (() => void)[] = [];
  const asked: Asked[] = [];
  const ports: PlannerPorts<string> = {
    wait: () => new Promise((resolve) => pauses.push(resolve)),
    plan: (input, signal) =>
      new Promise((answer, fail) => {
        asked.push({ input, signal, answer, fail });
      }),
  };
  const planner = new Planner<string>(ports);
  const pause = async (): Promise<void> => {
    for (const resolve of pauses.splice(0)) resolve();
    await settle();
  };
  return { planner, asked, pause };
}

describe('the plan of a form', () => {
  test('requests a plan after a pause in typing, for the latest input only', async () => {
    const { planner, asked, pause } = makePlanner();
    for (const text of ['A', 'AP', 'APP']) planner.want(text);
    expect(planner.state().isChecking).toBe(true);
    expect(asked).toEqual([]);
    await pause();
    expect(asked.map(({ input }) => input)).toEqual(['APP']);
    asked[0]?.answer(planNamed('of APP'));
    await settle();
    expect(planner.state()).toEqual({ plan: planNamed('of APP'), error: null, isChecking: false });
  });

  test('cancels the request for an earlier input, whose plan never replaces a later one', async () => {
    const { planner, asked, pause } = makePlanner();
    planner.want('one');
    await pause();
    planner.want('two');
    expect(asked[0]?.signal.aborted).toBe(true);
    await pause();
    asked[1]?.answer(planNamed('two'));
    await settle();
    asked[0]?.answer(planNamed('one'));
    await settle();
    expect(planner.state().plan?.title).toBe('two');
    expect(asked.filter(({ signal }) => !signal.aborted)).toHaveLength(1);
  });

  test('shows the previous plan until the next one arrives, and none without input', async () => {
    const { planner, asked, pause } = makePlanner();
    planner.want('one');
    await pause();
    asked[0]?.answer(planNamed('one'));
    await settle();
    planner.want('two');
    expect(planner.state()).toMatchObject({ plan: { title: 'one' }, isChecking: true });
    planner.want(null);
    expect(planner.state()).toEqual({ plan: null, error: null, isChecking: false });
    await pause();
    expect(asked).toHaveLength(1);
  });

  test('requests no second plan for an equal input, except on request or on another basis', async () => {
    const { planner, asked, pause } = makePlanner();
    planner.want('one', 'Running');
    await pause();
    planner.want('one', 'Running');
    await pause();
    expect(asked).toHaveLength(1);
    planner.want('one', 'Off');
    await pause();
    expect(asked).toHaveLength(2);
    planner.again('one', 'Off');
    await pause();
    expect(asked).toHaveLength(3);
  });

  test('reports why a plan cannot be made until the next input', async () => {
    const { planner, asked, pause } = makePlanner();
    const error = new Error('The service is not responding.');
    planner.want('one');
    await pause();
    asked[0]?.fail(error);
    await settle();
    expect(planner.state()).toEqual({ plan: null, error, isChecking: false });
    planner.want('two');
    expect(planner.state()).toEqual({ plan: null, error: null, isChecking: true });
  });
});
