import { useRef } from 'react';
import { serviceClock } from './service-clock.ts';

/** A request as JSON, and the idempotency key with which it is sent. */
export interface RequestKey {
  readonly request: string;
  readonly key: string;
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Returns a new idempotency key: a UUIDv7 (RFC 9562, 5.7) with the service's time, by which the service knows that no
 * host has run the request before. `crypto.randomUUID` makes version 4 only, and not over plain HTTP.
 */
function newKey(now: number): string {
  const time = Math.floor(now).toString(16).padStart(12, '0');
  const random = crypto.getRandomValues(new Uint8Array(10));
  random[0] = 0x70 | ((random[0] ?? 0) & 0x0f);
  random[2] = 0x80 | ((random[2] ?? 0) & 0x3f);
  const rest = hex(random);
  return `${time.slice(0, 8)}-${time.slice(8)}-${rest.slice(0, 4)}-${rest.slice(4, 8)}-${rest.slice(8)}`;
}

/**
 * Returns the key of a request: the last one while the request is the same, because its response may have been lost;
 * a new one for a different request.
 */
export function keyFor(
  request: object,
  last: RequestKey | null,
  now: number = serviceClock.now(),
): RequestKey {
  const text = JSON.stringify(request);
  return last?.request === text ? last : { request: text, key: newKey(now) };
}

/** Returns a function that returns the key of a form's request. A form is closed once its request is accepted. */
export function useRequestKey(): (request: object) => string {
  const last = useRef<RequestKey | null>(null);
  return (request) => {
    last.current = keyFor(request, last.current);
    return last.current.key;
  };
}
