import { AsyncLocalStorage } from 'node:async_hooks';

/** The id of the current request, which log entries contain. */
export const requestContext = new AsyncLocalStorage<{ readonly requestId: string }>();
