import { execFileSync } from 'node:child_process';
import { root } from './workspace.mjs';

/**
 * Returns the seed of the samples of long suites: AETHER_SEED, or the commit hash, so that every commit tests a
 * different sample and each can be repeated. Outside a Git checkout it is 1.
 */
export function testSeed() {
  const given = process.env.AETHER_SEED;
  if (given !== undefined && /^\d+$/.test(given)) return Number(given) % 2 ** 31;
  try {
    const hash = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8', stdio: 'pipe' });
    return Number.parseInt(hash.slice(0, 8), 16) % 2 ** 31;
  } catch {
    return 1;
  }
}
