import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kerberos, NegotiateAcceptor, ntlm, type NegotiateAuthenticator } from '@aether-v/psrp/gssapi';
import { basic, type Authenticator } from '../../src/client/index.ts';
import type { ClientEvent } from '../../src/core/index.ts';
import { processTransport, relayBackend } from '../../src/process/index.ts';
import {
  basicAuthentication,
  createPsrpShell,
  WsmanListener,
  type CommandContext,
  type ServerAuthentication,
  type ShellBackend,
} from '../../src/server/index.ts';
import { Kdc, kdcRealm } from '../gssapi/kdc.ts';
import { hostName, skip, hostPrincipal } from '../gssapi/support.ts';
import { StrictClient, type StrictResult } from '../support/strict-client.ts';

const required = (process.env['AETHER_REQUIRE'] ?? '').split(',');
const hasPowerShell = spawnSync('pwsh', ['-v']).status === 0 || required.includes('pwsh');

const record = { source: 'test', timeGenerated: undefined, tags: [], user: undefined, computer: undefined };

/** The commands that stand for the scripts where there is no PowerShell. */
const commands: Record<string, (context: CommandContext) => Promise<void>> = {
  objects: async ({ write }) => {
    for (let index = 1; index <= 2_000; index += 1) await write(index);
  },
  strings: async ({ write }) => {
    for (let index = 0; index < 3; index += 1) await write('x'.repeat(300_000));
  },
  streams: async (context) => {
    await context.writeError({ message: 'error', fullyQualifiedErrorId: 'Oops' });
    await context.writeWarning('warning');
    await context.writeVerbose('verbose');
    await context.writeDebug('debug');
    await context.writeInformation({ ...record, message: 'info', messageData: 'info', processId: undefined });
    await context.writeProgress({
      activity: 'progress',
      activityId: 1,
      statusDescription: 'half',
      currentOperation: undefined,
      parentActivityId: -1,
      percentComplete: 50,
      secondsRemaining: -1,
      type: 'processing',
    });
    await context.write('output');
  },
  wait: async ({ write, signal }) => {
    await write('started');
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  },
  count: async ({ input, write }) => {
    let count = 0;
    for await (const _ of input) count += 1;
    await write(count);
  },
};

const scripts: Record<keyof typeof commands, string> = {
  objects: '1..2000',
  strings: "1..3 | ForEach-Object { 'x' * 300000 }",
  streams:
    "$VerbosePreference = $DebugPreference = 'Continue'; Write-Error error; Write-Warning warning; Write-Verbose verbose; " +
    "Write-Debug debug; Write-Information info; Write-Progress progress -Status half -PercentComplete 50; 'output'",
  wait: "'started'; Start-Sleep 600",
  count: '@($input).Count',
};

const peers: Readonly<Record<string, { backend: () => ShellBackend; isPowerShell: boolean; skip: boolean }>> =
  {
    'our own pool': { backend: () => createPsrpShell({ commands }), isPowerShell: false, skip: false },
    'real PowerShell': {
      backend: () => relayBackend(() => processTransport()),
      isPowerShell: true,
      skip: !hasPowerShell,
    },
  };

interface Way {
  readonly authentication: ServerAuthentication;
  readonly authenticator: Authenticator;
  readonly end: () => Promise<void>;
}

/** Both halves of a way that seals. */
function sealedBy(acceptor: NegotiateAcceptor, authenticator: NegotiateAuthenticator): Way {
  return {
    authentication: acceptor.authenticate,
    authenticator,
    end: async () => {
      authenticator.dispose();
      await acceptor.close();
    },
  };
}

const ways: Readonly<Record<string, { start: () => Way; skip: boolean }>> = {
  'in clear text': {
    skip: false,
    start: () => ({
      authentication: basicAuthentication(() => true),
      authenticator: basic('operator', 's3cret'),
      end: () => Promise.resolve(),
    }),
  },
  'sealed by NTLM': {
    skip,
    start: () =>
      sealedBy(
        new NegotiateAcceptor({ ntlm: true }),
        ntlm({ user: 'WORKGROUP\\operator', password: 's3cret' }),
      ),
  },
  'sealed by Kerberos': {
    skip,
    start: () =>
      sealedBy(
        new NegotiateAcceptor({ keytab: keytabs.host }),
        kerberos({ principal: `svc@${kdcRealm}`, keytab: keytabs.client, host: hostName }),
      ),
  },
};

const cases = Object.entries(peers).flatMap(([peer, { skip: noPeer, ...rest }]) =>
  Object.entries(ways).map(([way, { skip: noWay, start }]) => ({
    peer,
    way,
    skip: noPeer || noWay,
    start,
    ...rest,
  })),
);

let folder: string;
let kdc: Kdc | undefined;
const keytabs = { client: '', host: '' };
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strict-'));
  // The process of this test file stands for the host: its environment is its starter's to choose.
  process.env['NTLM_USER_FILE'] = join(folder, 'users');
  await writeFile(join(folder, 'users'), 'WORKGROUP:operator:s3cret\n');
  if (skip) return;
  kdc = await Kdc.start();
  process.env['KRB5_CONFIG'] = kdc.config;
  keytabs.client = await kdc.principal('svc');
  keytabs.host = await kdc.principal(hostPrincipal);
});
afterAll(async () => {
  await kdc?.stop();
  await rm(folder, { recursive: true });
});

const typesOf = ({ events }: StrictResult): string[] => [...new Set(events.map(({ type }) => type))];
const outputOf = ({ events }: StrictResult): unknown[] =>
  events.flatMap((event) => (event.type === 'PIPELINE_OUTPUT' ? [event.body] : []));
const stateOf = ({ events }: StrictResult): unknown => {
  const last: ClientEvent | undefined = events.at(-1);
  return last?.type === 'PIPELINE_STATE' ? last.body.state : undefined;
};

describe('a client that decodes each Stream element separately reads everything', () => {
  for (const { peer, way, skip: isMissing, backend, isPowerShell, start } of cases) {
    const title = isMissing ? ' (skipped: not installed)' : '';
    test.skipIf(isMissing)(`of ${peer}, ${way}${title}`, async () => {
      const { authentication, authenticator, end } = start();
      const listener = new WsmanListener({ backend: backend(), authentication });
      const server = createServer(listener.handle);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/wsman`;
      const what = (name: keyof typeof commands) =>
        isPowerShell ? (scripts[name] ?? '') : { command: name };
      const client = await StrictClient.open(url, authenticator);
      try {
        const objects = await client.run(what('objects'));
        expect(outputOf(objects)).toEqual(Array.from({ length: 2_000 }, (_, index) => index + 1));

        const strings = await client.run(what('strings'));
        expect(outputOf(strings).map((text) => String(text).length)).toEqual([300_000, 300_000, 300_000]);
        expect(strings.reader.largest).toBe(32_768);

        const streams = await client.run(what('streams'));
        expect(typesOf(streams).sort()).toEqual([
          'DEBUG_RECORD',
          'ERROR_RECORD',
          'INFORMATION_RECORD',
          'PIPELINE_OUTPUT',
          'PIPELINE_STATE',
          'PROGRESS_RECORD',
          'VERBOSE_RECORD',
          'WARNING_RECORD',
        ]);
        expect(stateOf(streams)).toBe('Completed');

        const stopped = await client.run(what('wait'), {
          onEvent: (event, stop) => void (event.type === 'PIPELINE_OUTPUT' ? stop() : undefined),
        });
        expect([outputOf(stopped), stateOf(stopped)]).toEqual([['started'], 'Stopped']);

        const counted = await client.run(what('count'), {
          input: Array.from({ length: 5_000 }, (_, index) => index),
        });
        expect(outputOf(counted)).toEqual([5_000]);
        for (const { reader } of [objects, strings, streams, stopped, counted])
          expect(reader.isIncomplete).toBe(false);
      } finally {
        await client.close();
        await listener.close();
        server.closeAllConnections();
        await end();
        await new Promise((resolve) => server.close(resolve));
      }
    });
  }
});
