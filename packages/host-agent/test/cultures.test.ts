import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { languages } from './bridge/cultures.ts';
import { AgentHost, PowerShellFarm } from './support/agent-host.ts';
import { loneHost } from './support/lone-host.ts';
import { skip, skipReason } from './support/pwsh.ts';

describe.skipIf(skip)(`PowerShell in the culture of its host${skipReason}`, () => {
  let farm: PowerShellFarm;
  beforeAll(async () => {
    farm = await PowerShellFarm.open();
  });
  afterAll(() => farm[Symbol.asyncDispose]());

  test.each([
    ['english', '1.5'],
    ['german', '1,5'],
    ['japanese', '1.5'],
  ] as const)('on a host that speaks %s, one and a half is %s', async (name, number) => {
    const language = languages[name];
    await using host = await AgentHost.open(farm, { ...loneHost(), language });
    const session = await host.session();
    const said = await session.script('[cultureinfo]::CurrentCulture.Name; 1.5.ToString()');
    farm.put(session);
    expect(said).toEqual([language.culture, number]);
  });
});
