import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startHost } from './host.ts';

const packageRoot = fileURLToPath(new URL('../../', import.meta.url));

/** Runs TypeScript as a user of the package would, from a file of its own; resolves with what it printed. */
async function run(
  source: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number | null; out: string; err: string }> {
  // Inside the package, so that it resolves its own name.
  await mkdir(`${packageRoot}test-results`, { recursive: true });
  const folder = await mkdtemp(`${packageRoot}test-results/readme-`);
  try {
    const file = `${folder}/example.ts`;
    await writeFile(file, source);
    const child = spawn(process.execPath, ['--conditions=@aether-v/source', file], {
      env: { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '0', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const code = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { code: await code, out, err };
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('the example of the README does what it says', async () => {
  const readme = await readFile(`${packageRoot}README.md`, 'utf8');
  const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  expect(examples).toHaveLength(1);
  await using host = await startHost();
  const { code, out, err } = await run(examples[0] ?? '', { WSMAN_URL: host.url, WSMAN_PASSWORD: 'secret' });
  expect({ code, err }).toEqual({ code: 0, err: 'web02 is locked\n' });
  expect(out).toBe("{ Name: 'web01', State: 'Running' }\n{ Name: 'web02', State: 'Off' }\n0 errors\n");
  expect(host.listener.shellCount).toBe(0);
});
