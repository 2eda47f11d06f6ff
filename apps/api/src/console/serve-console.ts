import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from '../common/route-access.ts';
import { pathOf } from '../common/path-of.ts';
import { ProblemError } from '../problems/problem-error.ts';

const access: Access = { public: 'The console contains no data; it loads everything through the API.' };
const year = 31_536_000;

/**
 * Serves the files of the built console, and its index page for all addresses that the console routes itself. Files
 * under `assets/` have a content hash in their names, so browsers may cache them indefinitely.
 *
 * @param root The folder with `index.html`; if it is missing, the console's addresses answer 404.
 */
export async function serveConsole(server: FastifyInstance, root: string): Promise<void> {
  const files = listFiles(root);
  await server.register(fastifyStatic, { root, serve: false, cacheControl: false, preCompressed: true });
  server.get('/*', { config: { access } }, (request, reply) => {
    const path = decodePath(request);
    if (path !== undefined && files.has(path)) return sendFile(reply, path);
    if (files.has('index.html') && isPageRequest(request)) return sendFile(reply, 'index.html');
    throw notHere(request, files.size === 0);
  });
}

function sendFile(reply: FastifyReply, path: string): FastifyReply {
  const cache = path.startsWith('assets/') ? `public, max-age=${year}, immutable` : 'no-cache';
  return reply.header('cache-control', cache).sendFile(path);
}

/** Only files present at startup are served, by their exact names; `.br` and `.gz` are encodings of others. */
function listFiles(root: string): ReadonlySet<string> {
  try {
    const entries = readdirSync(root, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const paths = new Set(
      files.map((file) => relative(root, join(file.parentPath, file.name)).split(sep).join('/')),
    );
    const isEncoding = (path: string): boolean => /\.(?:br|gz)$/.test(path) && paths.has(path.slice(0, -3));
    return new Set([...paths].filter((path) => !isEncoding(path)));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Set();
    throw error;
  }
}

function decodePath(request: FastifyRequest): string | undefined {
  try {
    return decodeURIComponent(pathOf(request)).slice(1);
  } catch {
    return undefined;
  }
}

/**
 * Returns whether a request is for a page of the console. A client that accepts everything may mean a missing file, so
 * for it the address must not look like one.
 */
function isPageRequest(request: FastifyRequest): boolean {
  const path = pathOf(request);
  if (path.startsWith('/api/')) return false;
  const { accept = '*/*' } = request.headers;
  if (accept.includes('text/html')) return true;
  return !/[.%]/.test(path) && /(?:^|[\s,])(?:\*|text)\/\*/.test(accept);
}

function notHere(request: FastifyRequest, isUnbuilt: boolean): ProblemError {
  const why = isUnbuilt && isPageRequest(request) ? ' The console has not been built.' : '';
  return new ProblemError('not-found', `Nothing exists at ${pathOf(request)}.${why}`);
}
