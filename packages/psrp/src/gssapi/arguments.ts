import type { NativeFunction, Pointer } from './library.ts';
import type { Oid } from './oids.ts';

/** Calls a function on a worker thread. */
export function onWorker(native: NativeFunction, args: readonly unknown[]): Promise<unknown> {
  return new Promise((resolve, reject) => {
    native.async(...args, (error: Error | null, result: unknown) => {
      // The callback keeps the arguments alive, so that no buffer is collected while the thread reads it.
      if (error === null && args.length > 0) resolve(result);
      else reject(error ?? new Error('the call had no arguments'));
    });
  });
}

/** Creates a gss_buffer_desc of JavaScript bytes. */
export function input(bytes: Buffer): { length: number; value: Buffer } {
  return { length: bytes.length, value: bytes };
}

/** Creates a gss_OID_set with one member. */
export function only(mechanism: Oid): { count: number; elements: Oid[] } {
  return { count: 1, elements: [mechanism] };
}

/** Creates channel bindings with unspecified addresses (RFC 2744 3.11). */
export function channelBindings(application: Buffer | undefined): unknown {
  if (application === undefined) return null;
  const nothing = { length: 0, value: null };
  return {
    initiatorType: 0,
    initiator: nothing,
    acceptorType: 0,
    acceptor: nothing,
    application: input(application),
  };
}

/** Returns the object that a successful call has stored in a slot. */
export function taken(slot: readonly (Pointer | null)[]): Pointer {
  const [pointer] = slot;
  if (typeof pointer !== 'bigint') throw new TypeError('GSSAPI succeeded without an object');
  return pointer;
}
