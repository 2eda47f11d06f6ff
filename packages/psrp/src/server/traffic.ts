import type { ActionName } from '../wsman/index.ts';

/** What a request asks for, as counted; `unknown` is any other action, `empty` a POST without a body. */
export type CountedAction = ActionName | 'identify' | 'unknown' | 'empty';

/** Requests that got past authentication, and the bytes of bodies, since a listener started. */
export interface Traffic {
  requests: number;
  readonly byAction: Record<CountedAction, number>;
  /** As they came over the wire: sealed, where the mechanism seals. */
  bytesIn: number;
  bytesOut: number;
}

/** Nothing yet. */
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
