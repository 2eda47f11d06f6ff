import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { WsmanError, wsmanTransport, type PsrpTransport } from '../../src/client/index.ts';
import { WsmanListener } from '../../src/server/index.ts';
import { collect, never } from '../client/connect.ts';
import { twoLegs } from '../client/support/two-legs.ts';
import { bytes, fragmentOf, FakeBackend, text } from '../server/fake-backend.ts';
import { until } from '../server/harness.ts';
import { TcpProxy, type Treatment } from '../support/tcp-proxy.ts';

const runCount = 100;

/** Runs at once: where silence has to run out, all of them, and the time-out leaves them room. */
const atOnce = ({ silent }: Point): number => (silent === true ? runCount : 20);

/** Where a command fails the first time, and what has to come of it. */
interface Point {
  readonly treatment: Treatment;
  readonly tls?: true;
  /** The host has no room for another command until the first one is ended. */
  readonly full?: true;
  /** The host falls silent, so that a time-out has to run out. */
  readonly silent?: true;
  /** How often the command is sent: again only where it provably did not start. */
  readonly sent: 1 | 2;
  /** How often the host starts it. */
  readonly starts: 0 | 1;
  /** How it ends for its caller. */
  readonly end: string;
}

// Turns of a connection: the two legs of authentication, Command, Receive.
const points: Readonly<Record<string, Point>> = {
  'no trouble': { treatment: 'pass', sent: 1, starts: 1, end: 'done' },
  'a slow network': { treatment: { bytesPerSecond: 400_000 }, sent: 1, starts: 1, end: 'done' },
  'the connection': { treatment: 'reset', sent: 2, starts: 1, end: 'done' },
  'the TLS handshake': {
    treatment: { turn: 1, direction: 'answer', afterBytes: 100, then: 'cut' },
    tls: true,
    sent: 2,
    starts: 1,
    end: 'done',
  },
  'the first leg': {
    treatment: { turn: 1, direction: 'request', afterBytes: 50, then: 'cut' },
    sent: 2,
    starts: 1,
    end: 'done',
  },
  'the answer to the first leg': {
    treatment: { turn: 1, direction: 'answer', afterBytes: 20, then: 'cut' },
    sent: 2,
    starts: 1,
    end: 'done',
  },
  'the answer to the second leg': {
    treatment: { turn: 2, direction: 'answer', afterBytes: 0, then: 'cut' },
    sent: 2,
    starts: 1,
    end: 'done',
  },
  'silence after the first leg': {
    treatment: { turn: 1, direction: 'answer', afterBytes: 0, then: 'stall' },
    silent: true,
    sent: 2,
    starts: 1,
    end: 'done',
  },
  'half of the request body': {
    treatment: { turn: 3, direction: 'request', afterBytes: 4_000, then: 'cut' },
    sent: 1,
    starts: 0,
    end: 'connection-lost',
  },
  'half of the request body, and silence': {
    treatment: { turn: 3, direction: 'request', afterBytes: 4_000, then: 'half-open' },
    silent: true,
    sent: 1,
    starts: 0,
    end: 'timeout',
  },
  'the body sent without an answer': {
    treatment: { turn: 3, direction: 'answer', afterBytes: 0, then: 'cut' },
    sent: 1,
    starts: 1,
    end: 'connection-lost',
  },
  'the body sent, and silence': {
    treatment: { turn: 3, direction: 'answer', afterBytes: 0, then: 'half-open' },
    silent: true,
    sent: 1,
    starts: 1,
    end: 'timeout',
  },
  'a quota fault': { treatment: 'pass', full: true, sent: 2, starts: 1, end: 'done' },
  'the middle of a Receive': {
    treatment: { turn: 4, direction: 'answer', afterBytes: 2_000, then: 'cut' },
    sent: 1,
    starts: 1,
    end: 'output lost: connection-lost',
  },
};

const pem = (name: string) => readFile(new URL(`../../testdata/tls/${name}.pem`, import.meta.url), 'utf8');
const [key, cert] = await Promise.all([pem('key'), pem('cert')]);

/** A host that counts how often it starts each command, by what the command is told. */
async function startHost({ tls, full }: Point) {
  const mechanism = twoLegs();
  const backend = new FakeBackend();
  const starts = new Map<string, number>();
  const held = new Set<string>();
  backend.onCommand = ({ opening }) => {
    const run = text(opening.args).slice(0, 36);
    starts.set(run, (starts.get(run) ?? 0) + 1);
    void opening.output.write(fragmentOf(Buffer.alloc(8_000, 65)));
    opening.output.end();
  };
  const listener = new WsmanListener({
    backend,
    authentication: mechanism.server,
    quotas: { shellsPerUser: 1_000, shells: 1_000, ...(full === true ? { commandsPerShell: 1 } : {}) },
    intercept: ({ action, shellId, commandId }, next) => {
      if (action === 'receive' && shellId !== undefined && commandId === undefined) held.add(shellId);
      return next();
    },
  });
  const server: Server =
    tls === true ? createTlsServer({ key, cert }, listener.handle) : createServer(listener.handle);
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    backend,
    listener,
    sockets,
    starts,
    port: (server.address() as AddressInfo).port,
    authenticator: mechanism.authenticator,
    /** Whether a shell's own Receive waits, and so keeps its connection from being used for a command. */
    isHeld: (shellId: string) => held.has(shellId),
    [Symbol.asyncDispose]: async () => {
      await listener.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

type Host = Awaited<ReturnType<typeof startHost>>;

/** Runs a command once, sending it again only where that is safe. */
async function runOnce(host: Host, point: Point) {
  await using proxy = await TcpProxy.start(host.port);
  const { tls = false, full = false, silent = false } = point;
  const transport = wsmanTransport({
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${proxy.port}/wsman`,
    authenticator: host.authenticator,
    ...(tls ? { tls: { ca: cert, servername: 'localhost' } } : {}),
    operationTimeoutMs: silent ? 500 : 20_000,
    timeoutSlackMs: silent ? 11_500 : 20_000,
  });
  const poolId = randomUUID();
  await transport.open({ poolId, creation: bytes('x') }, never);
  const life = new AbortController();
  const ofPool = collect(transport.receive(undefined, life.signal)).catch(() => []);
  await until(() => host.isHeld(poolId.toUpperCase()));
  const filler = randomUUID();
  if (full) await transport.createCommand(filler, bytes(filler), never);
  proxy.next = point.treatment;
  const run = randomUUID();
  const id = randomUUID();
  const command = await send(transport, id, run, () =>
    full ? transport.signal(filler, 'terminate', never) : Promise.resolve(),
  );
  const end = command.end === 'done' ? await receive(transport, id) : command.end;
  life.abort();
  await ofPool;
  await transport.close();
  return { sent: command.sent, starts: host.starts.get(run) ?? 0, end, troubled: proxy.troubled };
}

async function send(transport: PsrpTransport, id: string, run: string, between: () => Promise<void>) {
  const args = bytes(run + 'x'.repeat(6_000));
  for (let sent = 1; ; sent += 1) {
    try {
      await transport.createCommand(id, args, never);
      return { sent, end: 'done' };
    } catch (error) {
      if (!(error instanceof WsmanError) || sent > 2) throw error;
      if (error.started) return { sent, end: error.code };
      await between();
    }
  }
}

async function receive(transport: PsrpTransport, id: string): Promise<string> {
  try {
    const output = await collect(transport.receive(id, never));
    return output.join('').length === 8_000 ? 'done' : 'output incomplete';
  } catch (error) {
    return error instanceof WsmanError ? `output lost: ${error.code}` : 'output lost';
  }
}

/** What keeps the process busy: sockets, servers, timers. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) {
    if (/^(?:TCP|Timeout)/.test(name)) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe.each(Object.entries(points))('a command that meets %s', (_, point) => {
  test(`is sent ${point.sent === 1 ? 'once' : 'again'} and starts ${point.starts}x, in ${runCount} runs`, async () => {
    const before = resources();
    {
      await using host = await startHost(point);
      const { sent, starts, end } = point;
      const troubled = typeof point.treatment === 'string' && point.treatment !== 'reset' ? 0 : 1;
      for (let done = 0; done < runCount; done += atOnce(point)) {
        const results = await Promise.all(Array.from({ length: atOnce(point) }, () => runOnce(host, point)));
        for (const result of results) {
          expect(result).toEqual({
            sent,
            starts,
            end,
            troubled: 'bytesPerSecond' in Object(point.treatment) ? 0 : troubled,
          });
        }
      }
      await until(() => host.sockets.size === 0);
      expect(host.listener.shellCount).toBe(0);
      expect(host.backend.shells.map(({ closed }) => closed)).toEqual(
        Array.from({ length: runCount }, () => 1),
      );
    }
    await until(() => Object.entries(resources()).every(([name, count]) => count <= (before[name] ?? 0)));
  });
});
