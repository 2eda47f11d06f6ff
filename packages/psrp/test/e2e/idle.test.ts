import { expect, test } from 'vitest';
import { FakeClock, until } from '../server/harness.ts';
import { startHost } from './host.ts';

test('after ten idle minutes a call takes its two round trips, without a new shell', async () => {
  const clock = new FakeClock();
  await using host = await startHost(undefined, clock);
  await using pool = await host.open();
  const call = async (): Promise<unknown> => {
    const parameters = { Request: 'x' };
    return (await pool.invoke({ command: 'Get-AgentInfo', parameters }).collect()).output;
  };
  const actions = () => ({ ...host.listener.traffic.byAction });
  await call();
  await until(() => actions().signal === 1);
  for (let minute = 0; minute < 10; minute += 1) {
    const polls = actions().receive;
    // The host answers that nothing happened, and is asked again.
    clock.advance(60_000);
    await until(() => actions().receive === polls + 1);
  }
  const before = actions();
  expect(await call()).toEqual(['agent for x']);
  await until(() => actions().signal === 2);
  expect(actions()).toEqual({
    ...before,
    command: before.command + 1,
    receive: before.receive + 1,
    // Tells the host that the command may be forgotten; no caller waits for it.
    signal: before.signal + 1,
  });
  expect(before).toMatchObject({ create: 1, reconnect: 0 });
});
