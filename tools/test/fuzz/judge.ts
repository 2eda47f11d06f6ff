import type { Call } from './calls.ts';
import type { ApiDocument, DocumentedResponse } from './document.ts';

/** A response, as far as it is judged. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined for a stream that was not read. */
  readonly text: string | undefined;
}

/** The only server error that a fuzz may meet: hosts and the service may be unavailable for a while. */
const unavailable = 503;
const headersTooLarge = 431;

/** The length of bodies above which the service closes the connection without reading them. */
const longBody = 1_000_000;

/** Sends a call. A stream of events is not read. */
export async function send(
  serviceUrl: string,
  call: Call,
  headers: Record<string, string> = {},
): Promise<Answer> {
  // The response to a body that the service does not read can be lost when the connection closes.
  for (let attempt = 1; (call.body?.length ?? 0) > longBody && attempt < 5; attempt += 1) {
    const answer = await sendOnce(serviceUrl, call, headers).catch(() => undefined);
    if (answer !== undefined) return answer;
  }
  return sendOnce(serviceUrl, call, headers);
}

async function sendOnce(serviceUrl: string, call: Call, headers: Record<string, string>): Promise<Answer> {
  const controller = new AbortController();
  const response = await fetch(new URL(call.url, serviceUrl), {
    method: call.method,
    headers: { ...call.headers, ...headers },
    redirect: 'manual',
    signal: AbortSignal.any([controller.signal, AbortSignal.timeout(60_000)]),
    ...(call.body === undefined || call.method === 'HEAD' ? {} : { body: call.body }),
  });
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const text = isStream ? undefined : await response.text();
  if (isStream) controller.abort();
  return { status: response.status, headers: response.headers, text };
}

/** Returns why the response to a call is not as the document says; undefined if it is. */
export function fault(document: ApiDocument, call: Call, answer: Answer): string | undefined {
  const { operation, method, flaw } = call;
  const { status } = answer;
  if (status >= 500 && status !== unavailable)
    return `status ${status}: ${String(answer.text).slice(0, 600)}`;
  if (method !== operation.method) return faultOfOtherMethod(document, call, answer);
  const documented = operation.responses[status];
  if (documented === undefined) return `status ${status} is not documented`;
  // The stream answers an invalid version by the event `reset`.
  const isStream = answer.text === undefined;
  if (flaw !== undefined && status < 400 && !isStream) return `status ${status}, although ${flaw}`;
  return faultOfContent(document, documented, answer) ?? faultOfHeaders(documented, answer);
}

/** Another method belongs to another operation of the same path, or is refused. */
function faultOfOtherMethod(
  document: ApiDocument,
  { operation, method, url }: Call,
  answer: Answer,
): string | undefined {
  const { status, headers } = answer;
  const declared = method === 'HEAD' ? 'GET' : method;
  const same = document.operations.find((one) => one.path === operation.path && one.method === declared);
  if (same !== undefined) {
    const documented = same.responses[status];
    if (documented === undefined) return `${method}: status ${status} is not documented`;
    return method === 'HEAD' ? undefined : faultOfContent(document, documented, answer);
  }
  if (status === 404 && !document.hasPath(url)) return undefined;
  // The HTTP parser refuses an address that is too long before the method is looked at.
  if (status === headersTooLarge && operation.responses[status] !== undefined) return undefined;
  if (status !== 405) return `${method}: status ${status} for a method that is not declared`;
  const allowed = headers.get('allow')?.split(', ') ?? [];
  return allowed.includes(operation.method) ? undefined : `${method}: Allow lacks ${operation.method}`;
}

function faultOfContent(
  document: ApiDocument,
  { content }: DocumentedResponse,
  { headers, text }: Answer,
): string | undefined {
  const [type = ''] = (headers.get('content-type') ?? '').split(';');
  if (content === undefined)
    return text === '' ? undefined : `an undocumented body: ${String(text).slice(0, 200)}`;
  const expected = content[type];
  if (expected === undefined) return `the content type "${type}" is not documented`;
  if (text === undefined) return undefined;
  const mismatch = document.mismatch(expected.schema, type.endsWith('json') ? JSON.parse(text) : text);
  return mismatch === undefined
    ? undefined
    : `the body does not match its schema: ${mismatch}: ${text.slice(0, 600)}`;
}

function faultOfHeaders(
  { headers: documented = {} }: DocumentedResponse,
  { headers }: Answer,
): string | undefined {
  const missing = Object.keys(documented).filter((name) => !headers.has(name));
  if (missing.length > 0) return `the documented header ${missing.join(', ')} is missing`;
  if (!headers.has('cache-control')) return 'the header Cache-Control is missing';
  if (headers.get('x-content-type-options') !== 'nosniff') return 'the security headers are missing';
  return undefined;
}

/** Returns a call as a command that repeats it. */
export function asCurl(serviceUrl: string, { method, url, headers, body }: Call): string {
  const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
  return [
    `curl -X ${method}`,
    ...Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`-d ${quote(body.slice(0, 2000))}`]),
    quote(new URL(url, serviceUrl).href),
  ].join(' ');
}
