import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sessionText, type SessionText } from '@aether-v/host-agent/session-text';
import { basic, RunspacePool, wsmanTransport, type Invocation } from '@aether-v/psrp/client';
import { processTransport, relayBackend } from '@aether-v/psrp/process';
import { basicAuthentication, WsmanListener } from '@aether-v/psrp/server';
import type { BenchRow } from './report.ts';

const folder = fileURLToPath(new URL('../../packages/host-agent/', import.meta.url));
const loader = readFileSync(join(folder, 'deploy/Invoke-SessionAgent.ps1'), 'utf8');
/** Requires nothing of Windows. */
const request = JSON.stringify({
  contract: 2,
  id: '01890a5d-ac96-774b-bcce-b302099a8057',
  op: 'operation.list',
  timeoutSeconds: 60,
  actor: 'bench',
  request: { since: null },
});

function agent(): SessionText {
  const cwd = join(folder, 'module/AetherV.HostAgent');
  const paths = globSync('**/*.{ps1,psm1,json}', { cwd });
  return sessionText(Object.fromEntries(paths.map((path) => [path, readFileSync(join(cwd, path), 'utf8')])));
}

/** Measures the cost of a session that has to load the agent, with real PowerShell behind a WS-Management listener. */
export async function benchSession(): Promise<BenchRow[]> {
  if (spawnSync('pwsh', ['-NoLogo', '-NoProfile', '-Version']).status !== 0) {
    return [{ name: 'first call', value: null, unit: 'ms', note: 'pwsh is not installed' }];
  }
  const data = mkdtempSync(join(tmpdir(), 'bench-session-'));
  const env = { ...process.env, AETHERV_AGENT_DATA: join(data, 'data') };
  const listener = new WsmanListener({
    backend: relayBackend(() => processTransport({ env })),
    authentication: basicAuthentication(() => true),
  });
  const server = createServer(listener.handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP address');
  const url = `http://127.0.0.1:${address.port}/wsman`;
  const { text, command } = agent();
  const rows: BenchRow[] = [];
  const measure = async (name: string, note: string, run: () => Promise<unknown>): Promise<void> => {
    const { requests, bytesIn, bytesOut } = listener.traffic;
    const began = performance.now();
    await run();
    const ms = performance.now() - began;
    const { traffic } = listener;
    rows.push(
      { name: `${name}: requests`, value: traffic.requests - requests, unit: 'requests', note },
      {
        name: `${name}: bytes`,
        value: traffic.bytesIn + traffic.bytesOut - bytesIn - bytesOut,
        unit: 'bytes',
      },
      { name: `${name}: time`, value: ms, unit: 'ms' },
    );
  };
  try {
    let pool: RunspacePool | undefined;
    await measure('open', 'authenticate and open the pool', async () => {
      pool = await RunspacePool.open(wsmanTransport({ url, authenticator: basic('bench', 'bench') }), {
        maxRunspaces: 2,
      });
    });
    if (pool === undefined) throw new Error('no pool');
    await using open = pool;
    const byName: Invocation = { command, parameters: { Request: request } };
    const call = (loaded: Invocation): Promise<unknown> =>
      open
        .invoke(byName)
        .collect()
        .catch(() => open.invoke(loaded).collect());
    const load = (sent: string): Invocation => ({
      script: loader,
      useLocalScope: true,
      parameters: { Command: command, Text: sent, Request: request },
    });
    await measure('first call', 'by name, then load and call', () => call(load(text)));
    await measure('warm call', 'by name', () => call(load('')));
    // Two in parallel: one of them gets a runspace that has to load the agent.
    await measure('two calls, one in a new runspace', 'the host already has the text', () =>
      Promise.all([call(load('')), call(load(''))]),
    );
    rows.push({
      name: 'text of the agent',
      value: text.length,
      unit: 'bytes',
      note: 'once per session',
    });
    return rows;
  } finally {
    await listener.close();
    server.close();
    rmSync(data, { recursive: true, force: true });
  }
}
