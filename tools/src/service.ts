import { freePort, startProcess, type Running } from './processes.ts';

/** Starts the built service with these settings, on a free port by default; resolves once it is ready. */
export async function startService(settings: Readonly<Record<string, string>>): Promise<Running<string>> {
  return startProcess(
    ['--enable-source-maps', 'apps/api/dist/main.js'],
    { PORT: String(await freePort()), ...settings },
    (line) => /ready at (\S+)/.exec(line)?.[1],
  );
}

/** Sends a request to the service. */
export async function ask<T = unknown>(
  service: Running<string>,
  path: string,
  method = 'GET',
  body?: object,
): Promise<T> {
  return requestJson<T>(service.ready, method, `/api/v1${path}`, body);
}

/** Sends one JSON request and returns the JSON response. Rejects if it is not successful. */
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
