import type { ActionName } from '../wsman/index.ts';

/** Action of a request in the counters; `unknown` is any other action, `empty` a POST without a body. */
export type CountedAction = ActionName | 'identify' | 'unknown' | 'empty';

/** Counters of a listener since its start: requests that passed authentication, and bytes of bodies. */
export interface Traffic {
  requests: number;
  readonly byAction: Record<CountedAction, number>;
  /** Bytes of request bodies on the wire: sealed, if the mechanism seals. */
  bytesIn: number;
  /** Bytes of response bodies on the wire. */
  bytesOut: number;
}

/** Creates counters at zero. */
export const noTraffic = (): Traffic => ({
  requests: 0,
  bytesIn: 0,
  bytesOut: 0,
  byAction: {
    identify: 0,
    create: 0,
    command: 0,
    send: 0,
    receive: 0,
    signal: 0,
    delete: 0,
    disconnect: 0,
    reconnect: 0,
    connect: 0,
    enumerate: 0,
    unknown: 0,
    empty: 0,
  },
});
