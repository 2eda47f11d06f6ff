import { AsyncLocalStorage } from 'node:async_hooks';

/** The id of the request in whose course something happens, so that its log entries can be found. */
export const requestContext = new AsyncLocalStorage<{ readonly requestId: string }>();
