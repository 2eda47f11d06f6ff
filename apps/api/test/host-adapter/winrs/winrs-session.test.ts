import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { processShell } from '@aether-v/psrp/process';
import {
  basicAuthentication,
  commandShell,
  WsmanListener,
  type CommandLineContext,
  type CommandLineHandler,
  type InterceptedRequest,
  type WsmanListenerOptions,
} from '@aether-v/psrp/server';
import { decodeFrame, encodeFrame } from '@aether-v/types';
import { systemClock } from '../../../src/common/clock.ts';
import { hostEndpoint, type HostEndpoint } from '../../../src/config/host-endpoint.ts';
import { hostTargets } from '../../../src/config/host-target.ts';
import { configuredConnector } from '../../../src/host-adapter/connect/configured-connector.ts';
import { HostGateway } from '../../../src/host-adapter/connect/host-gateway.ts';
import { FleetCollector } from '../../../src/inventory/fleet-collector.ts';
import { FleetStore } from '../../../src/inventory/fleet-store.ts';
import { defaultSupervision } from '../../../src/inventory/host-supervisor.ts';
import { UsageStore } from '../../../src/inventory/usage-store.ts';
import { guid, vmFacts } from '../../support/facts.ts';
import { FakeHost } from '../../support/fake-agents.ts';
import { testConfig } from '../../support/test-app.ts';

const required = (process.env['AETHER_REQUIRE'] ?? '').split(',');
const vmId = guid(1);
const done = { type: 'result', result: { vmId, state: 'Running' } };

async function firstLine({ stdin }: CommandLineContext): Promise<string> {
  let text = '';
  for await (const data of stdin) {
    text += Buffer.from(data).toString('latin1');
    const end = text.indexOf('\n');
    if (end >= 0) return text.slice(0, end).trimEnd();
  }
  throw new Error('no line');
}

/** What the entry script of the agent does: reads one frame, writes a frame for each line. */
function entry(agent: FakeHost, echo = false): CommandLineHandler {
  return async (context) => {
    const frame = await firstLine(context);
    if (echo) await context.stdout(`${frame}\r\n`);
    const session = await agent.open(context.signal);
    for await (const line of session.run(decodeFrame(frame), context.signal)) {
      await context.stdout(`${encodeFrame(line)}\r\n`);
    }
    await session.close();
    return 0;
  };
}

interface Served {
  readonly endpoint: HostEndpoint;
  readonly gateway: HostGateway;
  readonly listener: WsmanListener;
  readonly url: string;
}

async function serve(
  commandShellBackend: NonNullable<WsmanListenerOptions['commandShell']>,
  options: Partial<WsmanListenerOptions> = {},
  environment: Readonly<Record<string, string>> = {},
  tls?: { readonly key: string; readonly cert: string },
): Promise<Served> {
  const listener = new WsmanListener({
    commandShell: commandShellBackend,
    authentication: basicAuthentication((user, secret) => user === 'operator' && secret === 'secret'),
    ...options,
  });
  const server = tls === undefined ? createServer(listener.handle) : createSecureServer(tls, listener.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const scheme = tls === undefined ? 'http' : 'https';
  const { port } = server.address() as AddressInfo;
  const url = `winrs+${scheme}://127.0.0.1:${String(port)}/wsman?auth=basic`;
  onTestFinished(async () => {
    await listener.close();
    server.closeAllConnections();
    server.close();
  });
  return { ...reach(url, environment), listener, url };
}

/** A service with one host. */
function reach(
  url: string,
  environment: Readonly<Record<string, string>> = {},
): Pick<Served, 'endpoint' | 'gateway'> {
  const config = testConfig({
    HYPERV_HOSTS: url,
    WINRM_USERNAME: 'operator',
    WINRM_PASSWORD: 'secret',
    ...environment,
  });
  const [endpoint] = hostTargets(config).map(hostEndpoint);
  if (endpoint === undefined) throw new RangeError('no endpoint');
  const gateway = new HostGateway({ endpoints: [endpoint], connector: configuredConnector(config) });
  onTestFinished(() => gateway.close());
  return { endpoint, gateway };
}

function call(): { actor: string; deadline: Date } {
  return { actor: 'test', deadline: new Date(Date.now() + 60_000) };
}

describe('operations over WinRS', () => {
  test('run the agent’s entry script, each in its own shell that is deleted with it', async () => {
    const agent = new FakeHost('hv1', systemClock);
    const lines: string[] = [];
    const { endpoint, gateway, listener } = await serve(
      commandShell((context) => {
        lines.push(context.line);
        return entry(agent)(context);
      }),
    );
    await expect(gateway.invoke(endpoint.address, 'agent.info', {}, call())).resolves.toMatchObject({
      hostId: 'hv1',
    });
    expect(lines).toEqual([
      'powershell.exe -NoLogo -NoProfile -NonInteractive -File "C:\\Program Files\\Aether-V\\AetherV.HostAgent\\Invoke-AetherVEntry.ps1"',
    ]);
    await vi.waitUntil(() => listener.shellCount === 0, { timeout: 60_000 });
    expect(listener.traffic.byAction).toMatchObject({ create: 2, command: 1, send: 1, delete: 2 });
  });

  test('stream lines over any number of Receives, in parallel, with any content', async () => {
    const agent = new FakeHost('hv1', systemClock);
    agent.respond = function* () {
      for (let at = 0; at < 200; at += 1) {
        yield { type: 'progress', percent: at % 100, message: `Zürich ${String(at)} ${'x'.repeat(at * 5)}` };
      }
      yield done;
    };
    const { endpoint, gateway, listener } = await serve(commandShell(entry(agent)));
    const heard: number[] = [];
    const calls = [0, 1, 2].map((at) =>
      gateway.invoke(
        endpoint.address,
        'vm.start',
        { vmId },
        {
          ...call(),
          onLine: (line) => {
            if (line.type === 'progress' && at === 0) heard.push(Number(line.message.split(' ')[1]));
          },
        },
      ),
    );
    expect(await Promise.all(calls)).toEqual([done.result, done.result, done.result]);
    expect(heard).toEqual(Array.from({ length: 200 }, (_, at) => at));
    await vi.waitUntil(() => listener.shellCount === 0, { timeout: 60_000 });
  });

  test('ignore the console’s echo', async () => {
    const { endpoint, gateway } = await serve(commandShell(entry(new FakeHost('hv1', systemClock), true)));
    await expect(gateway.invoke(endpoint.address, 'agent.info', {}, call())).resolves.toBeDefined();
  });

  test('are stopped on the host when their caller aborts', async () => {
    const agent = new FakeHost('hv1', systemClock);
    agent.respond = async function* () {
      yield { type: 'progress', percent: 1, message: '' };
      await new Promise(() => undefined);
    };
    const { endpoint, gateway, listener } = await serve(commandShell(entry(agent)));
    const stop = new AbortController();
    const heard = Promise.withResolvers<undefined>();
    const running = gateway.invoke(
      endpoint.address,
      'vm.start',
      { vmId },
      { ...call(), signal: stop.signal, onLine: () => heard.resolve(undefined) },
    );
    await heard.promise;
    stop.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await vi.waitUntil(() => listener.shellCount === 0, { timeout: 60_000 });
  });
});

test('the end of the service ends running commands and deletes their shells', async () => {
  const agent = new FakeHost('hv1', systemClock);
  agent.respond = async function* () {
    yield { type: 'progress', percent: 1, message: '' };
    await new Promise(() => undefined);
  };
  const { endpoint, gateway, listener } = await serve(commandShell(entry(agent)));
  const heard = Promise.withResolvers<undefined>();
  const running = gateway.invoke(
    endpoint.address,
    'vm.start',
    { vmId },
    { ...call(), onLine: () => heard.resolve(undefined) },
  );
  running.catch(() => undefined);
  await heard.promise;
  await gateway.close();
  expect(listener.shellCount).toBe(0);
  await expect(running).rejects.toMatchObject({ code: 'shutting-down', began: true });
});

describe('a failing operation', () => {
  /** A host that spoils one kind of request. */
  function spoiling(
    action: InterceptedRequest['action'],
    spoil: (request: InterceptedRequest) => void,
  ): Pick<WsmanListenerOptions, 'intercept'> {
    return {
      intercept: (request, next) => {
        if (request.action !== action) return next();
        spoil(request);
        return Promise.resolve(undefined);
      },
    };
  }

  const cut = ({ http }: InterceptedRequest): void => void http.socket.resetAndDestroy();

  test.each(['send', 'receive'] as const)('at %s may have begun: only the journal knows', async (action) => {
    const agent = new FakeHost('hv1', systemClock);
    const { endpoint, gateway } = await serve(commandShell(entry(agent)), spoiling(action, cut));
    await expect(gateway.invoke(endpoint.address, 'vm.start', { vmId }, call())).rejects.toMatchObject({
      code: 'host-unreachable',
      began: true,
      reported: false,
    });
  });

  test('at command has not begun', async () => {
    const agent = new FakeHost('hv1', systemClock);
    const { endpoint, gateway } = await serve(commandShell(entry(agent)), spoiling('command', cut));
    await expect(gateway.invoke(endpoint.address, 'vm.start', { vmId }, call())).rejects.toMatchObject({
      code: 'host-unreachable',
      began: false,
    });
    expect(agent.envelopes).toEqual([]);
  });

  test('continues after an empty Receive', async () => {
    let refused = false;
    const agent = new FakeHost('hv1', systemClock);
    const { endpoint, gateway } = await serve(commandShell(entry(agent)), {
      intercept: ({ action }, next) => {
        if (action !== 'receive' || refused) return next();
        refused = true;
        return Promise.resolve({ status: 500, headers: {}, body: Buffer.from(timedOut) });
      },
    });
    await expect(gateway.invoke(endpoint.address, 'agent.info', {}, call())).resolves.toBeDefined();
    expect(refused).toBe(true);
  });

  test('is abandoned if the response does not end', async () => {
    const { endpoint, gateway } = await serve(commandShell(entry(new FakeHost('hv1', systemClock))), {
      intercept: ({ action, response }, next) => {
        if (action !== 'receive') return next();
        const more = (): void => {
          if (response.writable) response.write('x'.repeat(65_536), more);
        };
        more();
        return Promise.resolve(undefined);
      },
    });
    await expect(gateway.invoke(endpoint.address, 'vm.start', { vmId }, call())).rejects.toMatchObject({
      problem: 'protocol',
      began: true,
    });
  });
});

describe('a host that cannot be used reports the problem', () => {
  test('a connection that breaks on the last NTLM leg is not a refused password', async () => {
    const server = createServer((request, response) => {
      const [, token = ''] = (request.headers.authorization ?? '').split(' ');
      const kind = Buffer.from(token, 'base64').at(8);
      if (kind === 3) request.socket.resetAndDestroy();
      else response.writeHead(401, { 'www-authenticate': `Negotiate ${kind === 1 ? challenge : ''}` }).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { endpoint, gateway } = reach(`winrs+http://127.0.0.1:${String(port)}/wsman?auth=ntlm`);
    await expect(gateway.invoke(endpoint.address, 'agent.info', {}, call())).rejects.toMatchObject({
      problem: 'connection-lost',
      began: false,
    });
  });

  test('a wrong password', async () => {
    const { endpoint, gateway } = await serve(
      commandShell(() => Promise.resolve(0)),
      {},
      { WINRM_PASSWORD: 'wrong' },
    );
    await expect(gateway.invoke(endpoint.address, 'agent.info', {}, call())).rejects.toMatchObject({
      problem: 'access-denied',
      began: false,
    });
  });

  test('no room for another shell', async () => {
    const { endpoint, gateway } = await serve(
      commandShell(() => Promise.resolve(0)),
      { quotas: { shellsPerUser: 0 } },
    );
    await expect(gateway.invoke(endpoint.address, 'agent.info', {}, call())).rejects.toMatchObject({
      problem: 'quota-shells',
      began: false,
    });
  });

  test('a missing agent: PowerShell’s message, and how to install it', async () => {
    const missing = commandShell(async ({ stderr }) => {
      await stderr('The argument to the -File parameter does not exist.\r\n');
      return 1;
    });
    const { endpoint, gateway } = await serve(missing);
    await expect(gateway.invoke(endpoint.address, 'agent.info', {}, call())).rejects.toMatchObject({
      code: 'agent-missing',
      began: false,
      message: expect.stringMatching(/-File parameter does not exist.*preinstalled.*push/s) as string,
    });
  });

  test('unexpected output', async () => {
    const chatty = commandShell(async ({ stdout }) => {
      await stdout('Welcome!\r\n');
      return 0;
    });
    const { endpoint, gateway } = await serve(chatty);
    await expect(gateway.invoke(endpoint.address, 'agent.info', {}, call())).rejects.toMatchObject({
      code: 'contract-violation',
    });
  });
});

describe('over HTTPS', () => {
  const pem = (name: string): string =>
    readFileSync(new URL(`../../../../../packages/psrp/testdata/tls/${name}.pem`, import.meta.url), 'utf8');
  const tls = { key: pem('key'), cert: pem('cert') };

  test.each([
    ['is reached where certificates are not checked', 'false'],
    ['is refused where they are: nothing vouches for this one', 'true'],
  ])('a host %s', async (_, verify) => {
    const backend = commandShell(entry(new FakeHost('hv1', systemClock)));
    const { endpoint, gateway, listener } = await serve(backend, {}, { WINRM_TLS_VERIFY: verify }, tls);
    const asked = gateway.invoke(endpoint.address, 'agent.info', {}, call());
    if (verify === 'false') await expect(asked).resolves.toMatchObject({ hostId: 'hv1' });
    else {
      await expect(asked).rejects.toMatchObject({
        problem: expect.stringMatching(/^tls-/) as string,
        began: false,
      });
      expect(listener.traffic.requests).toBe(0);
    }
  });
});

test('a host is polled, although its agent supports watches', async () => {
  const agent = new FakeHost('hv1', systemClock);
  agent.setVm(vmFacts(vmId));
  const { endpoint, gateway } = await serve(commandShell(entry(agent)));
  const store = new FleetStore({ clock: systemClock });
  const collector = new FleetCollector({
    endpoints: [endpoint],
    operations: gateway,
    directory: gateway,
    store,
    usage: new UsageStore(),
    clock: systemClock,
    random: Math.random,
    settings: { ...defaultSupervision, refreshInterval: 200 },
  });
  collector.start();
  const reads = (): number => agent.envelopes.filter(({ op }) => op === 'inventory').length;
  await vi.waitUntil(() => reads() >= 3, { timeout: 30_000 });
  await collector.stop();
  expect(store.get('host', 'hv1')?.connection).toMatchObject({ state: 'connected', watching: false });
  expect(store.vmIdsOfHost('hv1')).toEqual(new Set([vmId]));
  expect(agent.envelopes.some(({ op }) => op === 'watch')).toBe(false);
}, 60_000);

test('the password does not appear in the library’s log output', async () => {
  const { url } = await serve(commandShell(entry(new FakeHost('hv1', systemClock))));
  const script = fileURLToPath(new URL('../../support/ask-winrs.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=@aether-v/source', script, url], {
    env: { ...process.env, DEBUG: '*' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data: Buffer) => (said += data.toString()));
  const [code] = (await once(child, 'close')) as [number];
  expect(said).toContain('asked hv1 with DEBUG=*');
  expect(code).toBe(0);
  expect(said).not.toMatch(/secret|Authorization|DEBUG:/);
}, 60_000);

const hasPwsh = spawnSync('pwsh', ['-NoLogo', '-NoProfile', '-Version']).status === 0;
const skipPwsh = !hasPwsh && !required.includes('pwsh');

describe.skipIf(skipPwsh)(`real PowerShell${skipPwsh ? ' (skipped: there is no pwsh)' : ''}`, () => {
  test('reads a frame and writes frames', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'entry-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const script = join(folder, 'entry.ps1');
    writeFileSync(script, entryScript);
    const shell = processShell({
      spawn: () => ({ command: 'pwsh', args: ['-NoLogo', '-NoProfile', '-NonInteractive', '-File', script] }),
    });
    const { endpoint, gateway } = await serve(shell);
    const started = gateway.invoke(endpoint.address, 'vm.start', { vmId }, call());
    await expect(started).resolves.toEqual(done.result);
  }, 60_000);
});

const entryScript = `
$envelope = [Text.Encoding]::UTF8.GetString([Convert]::FromBase64String([Console]::In.ReadLine())) | ConvertFrom-Json
$line = @{ op = $envelope.id; seq = 0; type = 'result'; result = @{ vmId = $envelope.request.vmId; state = 'Running' } }
$json = ConvertTo-Json -InputObject $line -Compress
[Console]::Out.WriteLine([Convert]::ToBase64String([Text.Encoding]::UTF8.GetBytes($json)))
`;

/** An NTLM CHALLENGE_MESSAGE (MS-NLMP 2.2.1.2) with target information. */
const challenge = Buffer.concat([
  Buffer.from('NTLMSSP\0\x02\0\0\0', 'latin1'),
  Buffer.from('0000000038000000', 'hex'),
  Buffer.from('01028a00', 'hex'),
  Buffer.alloc(16, 7),
  Buffer.from('04000400380000000a00000000000000', 'hex'),
  Buffer.alloc(4),
]).toString('base64');

const timedOut = `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><s:Fault><s:Code><s:Value>s:Receiver</s:Value>
<s:Subcode><s:Value>w:TimedOut</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en-US">late</s:Text></s:Reason>
<s:Detail><f:WSManFault xmlns:f="http://schemas.microsoft.com/wbem/wsman/1/wsmanfault" Code="2150858793" Machine="hv1"/></s:Detail>
</s:Fault></s:Body></s:Envelope>`;
