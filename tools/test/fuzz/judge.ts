import type { Call } from './calls.ts';
import type { ApiDocument, DocumentedResponse } from './document.ts';

/** A response, as far as it is judged. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Undefined for a stream that was not read. */
  readonly text: string | undefined;
}

/** The response to a method that no operation declares for the address. */
const undeclaredMethod = 405;

/** Sends a call. A stream of events is not read. */
export async function send(
  serviceUrl: string,
  call: Call,
  headers: Record<string, string> = {},
): Promise<Answer> {
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
  const documented = operation.responses[status];
  if (method !== operation.method) return faultOfOtherMethod(document, call, answer);
  if (documented === undefined) return `status ${status} is not documented`;
  // The stream answers an invalid version by the event `reset`.
  const isStream = answer.text === undefined;
  if (flaw !== undefined && status < 400 && !isStream) return `status ${status}, although ${flaw}`;
  return faultOfContent(document, documented, answer) ?? faultOfHeaders(documented, answer);
}

/** Another method is refused, or belongs to another operation of the same address. */
function faultOfOtherMethod(
  document: ApiDocument,
  { operation, method }: Call,
  answer: Answer,
): string | undefined {
  const same = document.operations.find((one) => one.path === operation.path && one.method === method);
  const isHead = method === 'HEAD' && operation.method === 'GET';
  if (isHead) return operation.responses[answer.status] === undefined ? `HEAD: ${answer.status}` : undefined;
  if (same !== undefined) {
    return same.responses[answer.status] === undefined
      ? `${method}: status ${answer.status} is not documented`
      : undefined;
  }
  if (answer.status >= 500) return `${method}: status ${answer.status}`;
  if (answer.status !== undeclaredMethod) return undefined;
  return answer.headers.get('allow')?.includes(operation.method) === true
    ? undefined
    : `${method}: Allow lacks ${operation.method}`;
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
