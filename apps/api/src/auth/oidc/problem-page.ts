import { errorCodes } from '@aether-v/types';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ProblemError } from '../../problems/problem-error.ts';

const style =
  'body{font:16px/1.5 system-ui,sans-serif;margin:0;display:grid;place-items:center;min-height:100vh;color:#242424;background:#fafafa}' +
  'main{max-width:34rem;padding:2rem}h1{font-size:1.4rem}a{margin-right:1.5rem;color:#0f548c}' +
  '@media(prefers-color-scheme:dark){body{color:#f5f5f5;background:#1f1f1f}a{color:#62abf5}}';

/** Returns whether a browser requests a page; programs get a problem document. */
export function wantsPage({ headers }: FastifyRequest): boolean {
  return headers.accept?.includes('text/html') ?? false;
}

/** Sends a page about a failed sign-in, with links to continue. It needs neither the console nor a script. */
export function sendProblemPage(reply: FastifyReply, problem: ProblemError, returnTo: string): FastifyReply {
  const { http, title } = errorCodes[problem.code];
  const again = `/auth/login?returnTo=${encodeURIComponent(returnTo)}`;
  const page =
    `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${escape(title)} - Aether-V</title>\n` +
    `<meta name="viewport" content="width=device-width, initial-scale=1">\n<link rel="icon" href="data:,">\n` +
    `<style>${style}</style>\n</head>\n<body>\n<main>\n<h1>${escape(title)}</h1>\n<p>${escape(problem.message)}</p>\n` +
    `<p><a href="${escape(again)}">Sign in again</a><a href="/">Open the console</a></p>\n</main>\n</body>\n</html>\n`;
  const { retryAfterSeconds } = problem.extras;
  if (retryAfterSeconds !== undefined) reply.header('retry-after', String(Math.ceil(retryAfterSeconds)));
  return reply
    .status(http)
    .header('content-type', 'text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(page);
}

function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
