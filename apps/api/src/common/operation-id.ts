import { v5, v7 } from 'uuid';

/**
 * Returns a new id of an operation and its job: a UUIDv7 (RFC 9562, 5.7), so that ids sort by time.
 *
 * @param now Milliseconds since 1970 in UTC.
 */
export function newOperationId(now: number): string {
  return v7({ msecs: now });
}

/**
 * Returns the id of a child job: a UUIDv5 (RFC 9562, 5.5) of its parent's id and its number, so that a service that
 * restores the parent sends the same ids again.
 *
 * @param number From 1.
 */
export function childOperationId(parentId: string, number: number): string {
  return v5(String(number), parentId);
}
