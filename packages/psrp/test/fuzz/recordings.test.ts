import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { FuzzReport } from './support/run.ts';

const isLong = process.env['AETHER_LONG'] === '1';
const cases = isLong ? 50_000 : 2_000;
const seed = Number(process.env['AETHER_SEED']);

/** Runs the cases in a process of their own: the test runner's heap is not to be counted. */
async function fuzz(): Promise<FuzzReport> {
  const file = fileURLToPath(new URL('support/run.ts', import.meta.url));
  const parameters = ['--conditions=@aether-v/source', '--expose-gc', file, String(seed), String(cases)];
  const child = spawn(process.execPath, parameters, {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const code = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  expect({ code: await code, err }).toEqual({ code: 0, err: '' });
  return JSON.parse(out) as FuzzReport;
}

test(`${cases} mutated recordings end in results or typed errors, within the time limit and without leaks (seed ${seed})`, async () => {
  const report = await fuzz();
  expect(report.failures).toEqual([]);
  expect(report.slowest.ms, `${report.slowest.target} ${report.slowest.case}`).toBeLessThan(2_000);
  const [early, late] = report.heap;
  expect(early).toBeGreaterThan(0);
  expect(late / early).toBeLessThanOrEqual(1.1);
  // Neither all refused at the gate nor all let through: the mutations reach what they are meant for.
  for (const [target, { results, errors }] of Object.entries(report.ends)) {
    expect(results, target).toBeGreaterThan(cases / 500);
    expect(errors, target).toBeGreaterThan(cases / 100);
  }
}, 300_000);
