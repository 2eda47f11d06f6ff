/** Formats a server-sent event. JSON has no line breaks, so the data is one line. */
export function sseEvent(event: string, data: unknown, id?: string): string {
  return sseEventOf(event, JSON.stringify(data), id);
}

/** Formats a server-sent event whose data is already JSON. */
export function sseEventOf(event: string, json: string, id?: string): string {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return `event: ${event}\n${idLine}data: ${json}\n\n`;
}

/** A comment that keeps proxies from closing an idle connection. */
export const ssePing = ': ping\n\n';

/** Formats the reconnect delay of a browser, in milliseconds. */
export function sseRetry(milliseconds: number): string {
  return `retry: ${String(milliseconds)}\n\n`;
}
