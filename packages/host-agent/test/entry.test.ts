import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { decodeFrame, encodeFrame } from '@aether-v/types';
import { Bridge } from './bridge/bridge.ts';
import { parseLine } from './conformance/conversation.ts';
import { loneHost } from './support/lone-host.ts';
import { skip, skipReason } from './support/pwsh.ts';

const entry = fileURLToPath(new URL('../module/AetherV.HostAgent/Invoke-AetherVEntry.ps1', import.meta.url));
const stub = fileURLToPath(new URL('stub/AetherV.Stub.psm1', import.meta.url));

/** Runs the entry script as a WinRS command would, and returns what it wrote line by line. */
async function runEntry(bridge: Bridge, input: string): Promise<string[]> {
  const child = spawn(
    'pwsh',
    [
      '-NoLogo',
      '-NoProfile',
      '-NonInteractive',
      '-Command',
      `Import-Module -Name '${stub}' -Global; & '${entry}'`,
    ],
    {
      env: {
        ...process.env,
        PSModulePath: fileURLToPath(new URL('stub/', import.meta.url)),
        STUB_BRIDGE: bridge.url,
      },
    },
  );
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  child.stdin.end(input);
  await new Promise((resolve) => child.on('close', resolve));
  return output.split(/\r?\n/).filter((line) => line !== '');
}

const envelope = (op: string): string =>
  JSON.stringify({
    contract: 2,
    id: '01890a5d-ac96-774b-bcce-b302099a8057',
    op,
    timeoutSeconds: 60,
    actor: 'Grüße',
    request: {},
  });

describe.skipIf(skip)(`the entry script for WinRS${skipReason}`, () => {
  test('answers a frame by frames', async () => {
    await using bridge = await Bridge.open(loneHost());
    const lines = await runEntry(bridge, `${encodeFrame(envelope('inventory'))}\r\n`);
    const kinds = lines.map((line) => parseLine(decodeFrame(line)).type);
    expect(kinds).toEqual(['item', 'item', 'result']);
  });

  test.each([
    ['nothing', '\n'],
    ['no base64', 'not base64!\n'],
    ['base64 with blanks in it', `${encodeFrame(envelope('agent.info')).replace(/^(.{8})/, '$1 ')}\n`],
    ['bytes that are no UTF-8', `${Buffer.from([0xff, 0xfe, 0xc0]).toString('base64')}\n`],
  ])('answers %s as a request that cannot be read', async (_what, input) => {
    await using bridge = await Bridge.open(loneHost());
    const lines = await runEntry(bridge, input);
    expect(lines.map((line) => parseLine(decodeFrame(line)))).toMatchObject([
      { type: 'error', error: { code: 'bad-request' } },
    ]);
  });
});
