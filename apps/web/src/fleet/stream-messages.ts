import type { DeletedEvent, HelloEvent, HostUsage, ResetEvent, RowEvent, VmUsage } from '@aether-v/types';
import type { EventSourceMessage } from 'eventsource-parser';
import type { FleetEvent } from './cache.ts';

/** A message of the stream: changes of the fleet, samples, or its start. */
export type StreamMessage =
  /** `now` is the service's time when the message arrived, in milliseconds since 1970. */
  | { readonly type: 'hello'; readonly streamId: string; readonly version: string; readonly now: number }
  | { readonly type: 'change'; readonly event: FleetEvent }
  | { readonly type: 'usage'; readonly vms: readonly VmUsage[]; readonly hosts: readonly HostUsage[] };

// The service validates every row against the contract, so the console trusts the shapes.
const readers: Record<string, (data: unknown, version: string) => StreamMessage> = {
  hello(data) {
    const { streamId, version, now } = data as HelloEvent;
    return { type: 'hello', streamId, version, now: Date.parse(now) };
  },
  row(data, version) {
    return { type: 'change', event: { type: 'row', version, change: data as RowEvent } };
  },
  deleted(data, version) {
    const { kind, id } = data as DeletedEvent;
    return { type: 'change', event: { type: 'deleted', version, kind, id } };
  },
  reset(data) {
    return { type: 'change', event: { type: 'reset', version: (data as ResetEvent).version } };
  },
  usage(data) {
    const { vms, hosts } = data as { vms: VmUsage[]; hosts: HostUsage[] };
    return { type: 'usage', vms, hosts };
  },
};

/** Parses a server-sent event; null if this console does not know it. */
export function readStreamMessage({
  event = 'message',
  data,
  id = '',
}: EventSourceMessage): StreamMessage | null {
  return readers[event]?.(JSON.parse(data), id) ?? null;
}
