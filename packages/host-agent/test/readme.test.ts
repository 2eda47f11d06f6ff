import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AgentHost, PowerShellFarm } from './support/agent-host.ts';
import { loneHost } from './support/lone-host.ts';
import { skip, skipReason } from './support/pwsh.ts';

test.skipIf(skip)(`the example of the README runs${skipReason}`, async () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const [, example] = /```powershell\n(.*?)```/s.exec(readme) ?? [];
  await using farm = await PowerShellFarm.open();
  await using host = await AgentHost.open(farm, loneHost());
  const session = await host.session();
  expect(await session.script(example ?? 'throw "There is no example"')).toEqual(['s1']);
});
