import type { RowEvent, VmSummary } from '@aether-v/types';
import { Client } from 'undici';

/** The service's event stream, from a script's perspective. */
export interface Events extends AsyncDisposable {
  /** Returns the arrival time (performance.now()) of the next matching VM row. */
  vm(matches: (vm: VmSummary) => boolean): Promise<number>;
}

/** Opens the event stream at the fleet's present version. */
export async function openEvents(url: string): Promise<Events> {
  const client = new Client(url, { bodyTimeout: 0 });
  const { body, statusCode } = await client.request({
    method: 'GET',
    path: '/api/v1/events',
    headers: { accept: 'text/event-stream' },
  });
  if (statusCode !== 200) throw new Error(`GET /events: ${statusCode} ${await body.text()}`);
  let waiting: { matches: (vm: VmSummary) => boolean; resolve: (at: number) => void } | undefined;
  const hello = Promise.withResolvers<undefined>();
  let rest = '';
  body.setEncoding('utf8');
  body.on('data', (text: string) => {
    const now = performance.now();
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = /^event: ?(.*)$/m.exec(block)?.[1];
      if (event === 'hello') hello.resolve(undefined);
      if (event !== 'row' || waiting === undefined) continue;
      const { kind, row } = JSON.parse(/^data: ?(.*)$/m.exec(block)?.[1] ?? '{}') as RowEvent;
      if (kind === 'vm' && waiting.matches(row)) {
        waiting.resolve(now);
        waiting = undefined;
      }
    }
  });
  await hello.promise;
  return {
    vm: (matches) => new Promise((resolve) => (waiting = { matches, resolve })),
    [Symbol.asyncDispose]: () => client.destroy(),
  };
}
