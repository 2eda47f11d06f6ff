// Runs on the machine's own Node (20 or newer) and before anything is installed, so it uses the standard library only.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { nodePath, toolPath } from './platform.mjs';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** The pinned Node of the project, on which all our code runs. */
export const pinnedNode = nodePath(root);

/** The folder of `dotnet tool install --global`, which is rarely on the PATH. */
export const dotnetTools = join(homedir(), '.dotnet/tools');

export const say = (text) => console.log(`\u25c6 ${text}`);

/**
 * Returns the environment of our processes: the pinned Node first on PATH, .NET's tools last; Nx without daemon and
 * cloud.
 */
export function environment(extra = {}) {
  return {
    ...process.env,
    PATH: toolPath(root, process.env.PATH, dotnetTools),
    NX_DAEMON: 'false',
    NX_NO_CLOUD: 'true',
    NX_TUI: 'false',
    POWERSHELL_TELEMETRY_OPTOUT: '1',
    POWERSHELL_UPDATECHECK: 'Off',
    FORCE_COLOR: '0',
    ...extra,
  };
}

/** Reads the settings of the service: the environment, supplemented by the file .env. */
export function readSettings() {
  const file = join(root, '.env');
  return { ...(existsSync(file) ? parseEnv(readFileSync(file, 'utf8')) : {}), ...process.env };
}

/** Returns the file of local accounts of these settings, by default `accounts.json` in the project's folder. */
export function accountsFile(settings) {
  return resolve(root, settings.ACCOUNTS_FILE || 'accounts.json');
}

/** Installs the packages of package-lock.json unless exactly these are installed; `quiet` leaves stdout alone. */
export function ensureInstalled({ quiet = false } = {}) {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const stamp = join(root, '.aether/installed');
  if (existsSync(pinnedNode) && existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
  if (quiet) console.error('Installing packages, about a minute …');
  else say('Installing packages, about a minute …');
  // `npm ci` would delete everything first; an update keeps what still fits and never changes the lock file.
  const command = existsSync(join(root, 'node_modules')) ? ['install', '--no-save'] : ['ci'];
  run('npm', [...command, '--no-fund', '--no-audit', '--loglevel', 'error'], { quiet });
  mkdirSync(join(root, '.aether'), { recursive: true });
  writeFileSync(stamp, lock);
}

/** Runs a command with its output shown; ends this process if it fails. */
export function run(command, args, options = {}) {
  const status = attempt(command, args, options);
  if (status !== 0) {
    console.error(`\u2717 ${command} ${args.join(' ')} failed (exit ${status}).`);
    process.exit(1);
  }
}

/** Runs a command with its output shown; returns its exit code. */
export function attempt(command, args, { env = {}, quiet = false } = {}) {
  const result = spawnSync(command, args, {
    cwd: root,
    env: environment(env),
    stdio: ['ignore', quiet ? 'ignore' : 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (result.error) console.error(String(result.error));
  return result.status ?? 1;
}

/** Starts one of our processes on the pinned Node, with its standard output readable line by line. */
export function startNode(args, env = {}) {
  return spawn(pinnedNode, args, { cwd: root, env: environment(env), stdio: ['pipe', 'pipe', 'inherit'] });
}
