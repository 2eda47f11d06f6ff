import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { onTestFinished } from 'vitest';
import { account, listen } from './peers.ts';
import type { Provoke } from './provoke.ts';

const plain = { ...account, WINRM_ALLOW_PLAIN_HTTP: 'true', CONNECT_TIMEOUT: '1' };

/** Listens with room for one connection and never takes any, as a host that hangs or a firewall that drops what comes. */
const deaf = `
const server = require('node:net').createServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  process.stdout.write(String(server.address().port), () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
});`;

/** Hosts that the network keeps away. */
export const network = {
  // A label of more than 63 octets: no DNS server is asked (RFC 1035 2.3.4).
  'name-unknown': {
    make: () =>
      Promise.resolve({ entry: `http://${'x'.repeat(64)}.test:5985/wsman?auth=basic`, environment: plain }),
  },
  // TCP goes to no group: the system refuses before anything is sent.
  'no-route': {
    make: () => Promise.resolve({ entry: 'http://224.0.0.1:5985/wsman?auth=basic', environment: plain }),
  },
  'no-answer': {
    make: async () => {
      const child = spawn(process.execPath, ['--eval', deaf], { stdio: ['ignore', 'pipe', 'inherit'] });
      onTestFinished(() => void child.kill('SIGKILL'));
      const [port] = (await once(child.stdout, 'data')) as [Buffer];
      // What fills its queue; then the system drops each further attempt.
      for (let waiting = 0; waiting < 8; waiting += 1) {
        const socket = connect(Number(port.toString()), '127.0.0.1').on('error', () => undefined);
        onTestFinished(() => void socket.destroy());
      }
      // undici looks at its timers only every half second or so.
      const environment = { ...plain, CONNECT_TIMEOUT: '6' };
      return { entry: `http://127.0.0.1:${port.toString()}/wsman?auth=basic`, environment };
    },
  },
  refused: {
    make: async () => {
      const server = createServer();
      const url = await listen(server);
      await new Promise((resolve) => server.close(resolve));
      return { entry: `${url}?auth=basic`, environment: plain };
    },
  },
  'connection-lost': {
    make: async () => {
      const url = await listen(createServer((request) => request.socket.destroy()));
      return { entry: `${url}?auth=basic`, environment: plain };
    },
  },
  timeout: {
    make: async () => {
      const url = await listen(createServer(() => undefined));
      return { entry: `${url}?auth=basic`, environment: plain };
    },
  },
  protocol: {
    make: async () => {
      const url = await listen(createServer((_, response) => response.end('<html>')));
      return { entry: `${url}?auth=basic`, environment: plain };
    },
  },
  insecure: {
    make: () =>
      Promise.resolve({
        entry: 'http://192.0.2.1:5985/wsman?auth=basic',
        environment: plain,
        // The configuration refuses it by itself, so that nobody gets as far as this.
        change: { allowPlainHttp: false },
      }),
  },
} satisfies Record<string, Provoke>;
