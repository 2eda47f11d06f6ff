import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AgentHost, PowerShellFarm, type AgentSession } from './support/agent-host.ts';
import { loneHost } from './support/lone-host.ts';
import { skip, skipReason } from './support/pwsh.ts';

interface Vector {
  readonly why: string;
  readonly valid: boolean;
  readonly json: string;
}

const folder = new URL('../../types/vectors/', import.meta.url);

/** Judges texts by a schema of the contract, with the agent's own reader and interpreter. */
const judge = `param($Name, $Texts) & (Get-Module -Name AetherV.HostAgent) {
  param($Name, $Texts)
  $schema = Get-ContractSchema -Name $Name
  foreach ($text in (ConvertFrom-AgentJson -Text $Texts)) {
    $null -eq (Find-SchemaError -Value (ConvertFrom-AgentJson -Text $text) -Schema $schema)
  }
} $Name $Texts`;

describe.skipIf(skip)(`the agent's validator agrees with the service's${skipReason}`, () => {
  let farm: PowerShellFarm;
  let host: AgentHost;
  let session: AgentSession;

  beforeAll(async () => {
    farm = await PowerShellFarm.open();
    host = await AgentHost.open(farm, loneHost());
    session = await host.session();
  });

  afterAll(async () => {
    await farm[Symbol.asyncDispose]();
    await host[Symbol.asyncDispose]();
  });

  test.each(readdirSync(folder))('%s', async (file) => {
    const vectors = JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as Vector[];
    expect(vectors.length).toBeGreaterThan(0);
    const verdicts = await session.script(judge, {
      Name: file.replace(/\.json$/, ''),
      Texts: JSON.stringify(vectors.map(({ json }) => json)),
    });
    expect(vectors.map(({ why }, index) => `${why}: ${String(verdicts[index])}`)).toEqual(
      vectors.map(({ why, valid }) => `${why}: ${valid}`),
    );
  });
});
