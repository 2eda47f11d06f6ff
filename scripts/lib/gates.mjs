import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { environment, root, say } from './workspace.mjs';

const seconds = (ms) => `${Math.round(ms / 1000)} s`;

const lint = (name, paths) => ({
  name,
  command: [
    'eslint',
    [
      ...paths,
      '--cache',
      '--cache-location',
      `.aether/eslint-${name.replace(' ', '-')}`,
      '--max-warnings',
      '0',
    ],
  ],
});

/**
 * Gates that check without running the code. The two lists run in parallel, because checkouts have at least two cores;
 * the console is linted separately, so that both lists take about as long.
 */
export const staticGates = [
  [
    { name: 'types', command: ['tsc', ['-b']] },
    { name: 'cycles', command: ['npm', ['run', '--silent', 'cycles']] },
    { name: 'dependencies', command: ['npm', ['run', '--silent', 'dependencies:check']] },
    { name: 'unused', command: ['npm', ['run', '--silent', 'unused']] },
    { name: 'format', command: ['prettier', ['--check', '--log-level', 'warn', '.']] },
    lint('lint web', ['apps/web']),
  ],
  [lint('lint', ['.', '--ignore-pattern', 'apps/web/'])],
];

/**
 * Runs lists of gates in parallel, each gate to its end even after a failure. With more than one list, the output of a
 * gate is printed when it ends, so that lines do not mix.
 *
 * @returns {Promise<{ name: string, ok: boolean, ms: number, tests: boolean }[]>} in order of completion
 */
export async function runGates(lists) {
  const results = [];
  const inOrder = async (gates) => {
    for (const gate of gates) {
      say(`${gate.name} …`);
      const began = Date.now();
      const ok = await succeeds(gate, lists.length > 1);
      const ms = Date.now() - began;
      say(`${gate.name}: ${ok ? 'ok' : 'FAILED'} (${seconds(ms)})`);
      results.push({ name: gate.name, ok, ms, tests: gate.tests === true });
    }
  };
  await Promise.all(lists.map(inOrder));
  return results;
}

function succeeds({ command: [command, args], cwd = root, env = {} }, isCollected) {
  const child = spawn(command, args, {
    cwd,
    env: environment(env),
    stdio: ['ignore', isCollected ? 'pipe' : 'inherit', isCollected ? 'pipe' : 'inherit'],
    shell: process.platform === 'win32',
  });
  const output = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => output.push(part));
  return new Promise((resolve) => {
    child.on('error', (error) => {
      console.error(String(error));
      resolve(false);
    });
    child.on('close', (code) => {
      process.stdout.write(Buffer.concat(output));
      resolve(code === 0);
    });
  });
}

/** Prints the durations of the gates, and the slowest test files. */
export function printTimes(gates, files = []) {
  say('Durations:');
  for (const { name, ms } of gates) console.log(`  ${name.padEnd(8)} ${seconds(ms).padStart(7)}`);
  const slowest = [...files].sort((a, b) => b.ms - a.ms).slice(0, 15);
  for (const { file, ms } of slowest) console.log(`    ${seconds(ms).padStart(6)}  ${file}`);
}
