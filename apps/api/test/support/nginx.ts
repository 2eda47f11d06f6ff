import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { onTestFinished, vi } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';

const isRequired = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('nginx');
const path = '/usr/sbin/nginx';

/** True if there is no nginx; `AETHER_REQUIRE=nginx` makes its tests fail instead of being skipped. */
export const withoutNginx = !isRequired && spawnSync(path, ['-v']).status !== 0;

/** True if nginx drops root for its own account, as packages of distributions configure it. */
export const nginxHasOwnAccount = process.getuid?.() === 0;

/** Starts nginx in front of a service, with these directives in its location. @returns Its port. */
export async function startNginx(directives: string): Promise<number> {
  const folder = temporaryFolder();
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  const lines = [
    ...(nginxHasOwnAccount ? ['user www-data;'] : []),
    'worker_processes 1;',
    `pid ${folder}/pid;`,
    'error_log stderr;',
    'events {}',
    `http { access_log off; ${temporary.join(' ')}`,
    `server { listen 127.0.0.1:${port}; location / { ${directives} } } }`,
  ];
  writeFileSync(join(folder, 'nginx.conf'), lines.join('\n'));
  const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-g', 'daemon off;'];
  const nginx = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(nginx, 'exit');
  let errors = '';
  nginx.stderr.on('data', (piece: Buffer) => (errors += piece.toString()));
  onTestFinished(async () => {
    nginx.kill('SIGTERM');
    await ended;
  });
  await vi.waitUntil(
    async () => {
      if (nginx.exitCode !== null) throw new Error(`nginx ended: ${errors}`);
      return accepts(port);
    },
    { timeout: 60_000 },
  );
  return port;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
