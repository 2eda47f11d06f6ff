// A verifier that does as the token says: each is a way in which the library could fail.
import { parentPort } from 'node:worker_threads';

const acts = {
  accept: (id) => parentPort.postMessage({ id, accepted: true }),
  refuse: (id) => parentPort.postMessage({ id, accepted: false }),
  silent: () => undefined,
  throw: () => {
    setTimeout(() => {
      throw new Error('as the library did for metadata that was not JSON');
    }, 1);
  },
  reject: () => void Promise.reject(new Error('rejected')),
  exit: () => process.exit(0),
  loop: () => {
    for (;;);
  },
  truthy: (id) => parentPort.postMessage({ id, accepted: 'yes' }),
  'wrong id': (id) => parentPort.postMessage({ id: id + 1, accepted: true }),
  'no object': () => parentPort.postMessage(null),
};

parentPort.on('message', ({ id, token }) => acts[token]?.(id));
