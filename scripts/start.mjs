// `npm start`: installs what is missing, builds what changed, and serves the console, by default over the simulated
// fleet. `npm run demo:sign-in` adds an identity provider with three users, to try the sign-in.
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { askToEnd } from './lib/platform.mjs';
import { accountsFile, ensureInstalled, readSettings, run, say, startNode } from './lib/workspace.mjs';

const children = [];
let stopping = false;

async function stop(code, { interrupted = false } = {}) {
  if (stopping) return;
  stopping = true;
  await Promise.all(
    children
      .filter((child) => child.exitCode === null && child.signalCode === null)
      .map(async (child) => {
        const gone = once(child, 'exit');
        askToEnd(child, 'SIGTERM', { interrupted });
        const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
        await gone;
        clearTimeout(late);
      }),
  );
  process.exit(code);
}

/** Starts one of our processes and waits for the first line of its standard output that `ready` accepts. */
function startUntil(name, args, env, ready) {
  const child = startNode(args, env);
  children.push(child);
  child.on('exit', (code) => {
    if (stopping) return;
    console.error(`\u2717 The ${name} ended (exit ${code}).`);
    void stop(1);
  });
  return new Promise((resolve) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = ready(line);
      if (found) resolve(found);
      else console.log(line);
    });
  });
}

/** Starts the demo provider. @returns The settings with which the service uses it. */
async function startDemoProvider(settings) {
  const port = settings.PORT || '8000';
  const provider = await startUntil(
    'demo identity provider',
    ['--conditions=@aether-v/source', 'tools/src/demo-provider/main.ts'],
    { DEMO_SERVICES: `http://localhost:${port},http://127.0.0.1:${port}` },
    (line) => parseJson(line)?.settings,
  );
  say(`Demo identity provider: ${provider.OIDC_ISSUER_URL}, with a reader, a writer and an admin`);
  return provider;
}

const parseJson = (line) => {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
};

async function main() {
  const began = Date.now();
  const settings = readSettings();
  ensureInstalled();
  run(
    'nx',
    ['run-many', '-t', 'build', '-p', '@aether-v/api,@aether-v/web', '--outputStyle=stream-without-prefixes'],
    {
      quiet: !settings.AETHER_VERBOSE,
    },
  );

  const env = { ...settings };
  // Written by `npm run user:add`, so that a local account needs no further setting.
  if (!settings.ACCOUNTS_FILE && existsSync(accountsFile(settings)))
    env.ACCOUNTS_FILE = accountsFile(settings);
  if (!settings.HYPERV_HOSTS) {
    const password = randomUUID();
    const simulator = await startUntil(
      'simulated fleet',
      ['--conditions=@aether-v/source', 'packages/hyperv-sim/src/main.ts'],
      { SIM_USERNAME: 'aether-v', SIM_PASSWORD: password, SIM_EXIT_WITH_PARENT: '1' },
      (line) => parseJson(line)?.hostUrls && parseJson(line),
    );
    Object.assign(env, {
      HYPERV_HOSTS: simulator.hostUrls.join(','),
      WINRM_USERNAME: 'aether-v',
      WINRM_PASSWORD: password,
      ENVIRONMENT_NAME: settings.ENVIRONMENT_NAME ?? 'Demo fleet (simulated)',
    });
    say(
      `Simulated fleet: ${simulator.hostUrls.length} hosts over WinRM on loopback; its admin API: ${simulator.adminUrl}`,
    );
  }
  if (process.argv.includes('--sign-in')) Object.assign(env, await startDemoProvider(settings));
  const url = await startUntil(
    'service',
    ['--enable-source-maps', 'apps/api/dist/main.js'],
    env,
    (line) => /ready at (\S+)/.exec(line)?.[1],
  );
  say(`Aether-V is at ${url} (${((Date.now() - began) / 1000).toFixed(1)} s). Ctrl+C stops it.`);
}

// SIGBREAK is Ctrl+Break of Windows.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK']) {
  process.on(signal, () => void stop(0, { interrupted: true }));
}
await main();
