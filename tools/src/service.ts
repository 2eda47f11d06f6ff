import { freePort, startProcess, type Running } from './processes.ts';

/** Starts the built service with these settings, on a free port unless they say one; it is ready once it says so. */
export async function startService(settings: Readonly<Record<string, string>>): Promise<Running<string>> {
  return startProcess(
    ['--enable-source-maps', 'apps/api/dist/main.js'],
    { PORT: String(await freePort()), ...settings },
    (line) => /ready at (\S+)/.exec(line)?.[1],
  );
}

/** Asks the service as a script would. */
export async function ask<T = unknown>(
  service: Running<string>,
  path: string,
  method = 'GET',
  body?: object,
): Promise<T> {
  return requestJson<T>(service.ready, method, `/api/v1${path}`, body);
}

/** One JSON request, and the JSON that it answers. Rejects where the answer is no success. */
export async function requestJson<T>(base: string, method: string, path: string, body: unknown): Promise<T> {
  const response = await fetch(new URL(path, base), {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    signal: AbortSignal.timeout(20_000),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
