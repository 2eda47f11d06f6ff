/** One server-sent event. JSON has no line breaks, so data is one line. */
export function sseEvent(event: string, data: unknown, id?: string): string {
  return sseEventOf(event, JSON.stringify(data), id);
}

/** One server-sent event whose data is JSON already. */
export function sseEventOf(event: string, json: string, id?: string): string {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return `event: ${event}\n${idLine}data: ${json}\n\n`;
}

/** A comment that keeps proxies from closing a connection on which nothing happens. */
export const ssePing = ': ping\n\n';

/** How long a browser waits before it connects again, in milliseconds. */
export function sseRetry(milliseconds: number): string {
  return `retry: ${String(milliseconds)}\n\n`;
}
