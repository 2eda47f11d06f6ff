import { randomUUID } from 'node:crypto';
import { RunspacePool, wsmanTransport, WsmanClient, type Authenticator } from '../../../src/client/index.ts';
import { shellResourceUris } from '../../../src/wsman/index.ts';
import { hostAuthenticator, startHost } from '../../e2e/host.ts';

/** A request and its answer, in the clear. */
export interface Exchange {
  readonly request: Buffer;
  readonly response: Buffer;
}

/** A session of client and server half over loopback: every action, streams, input, a stop, faults. */
export async function recordOwnTraffic(): Promise<readonly Exchange[]> {
  const exchanges: Exchange[] = [];
  const authenticator = noting(hostAuthenticator, exchanges);
  await using host = await startHost();
  {
    const transport = wsmanTransport({ url: host.url, authenticator });
    await using pool = await RunspacePool.open(transport, { maxRunspaces: 3 });
    await pool.invoke({ command: 'Get-VM' }).collect();
    await pool.invoke({ command: 'Write-Everything' }).collect();
    await pool.invoke({ command: 'Measure-Input' }, { input: [1, 2, 3] }).collect();
    await pool.invoke({ command: 'No-Such' }).completed.catch(() => undefined);
    const waiting = pool.invoke({ command: 'Wait-Forever' });
    await waiting.output.next();
    await waiting.stop();
    await pool.setMaxRunspaces(4);
  }
  const client = new WsmanClient({ url: host.url, authenticator });
  await client.identify();
  await client.shells();
  const gone = { resourceUri: shellResourceUris.windowsPowerShell, shellId: randomUUID().toUpperCase() };
  await client.request({ action: 'delete', ...gone }).catch(() => undefined);
  await client.close();
  return exchanges;
}

function noting(inner: Authenticator, exchanges: Exchange[]): Authenticator {
  return {
    exposesSecret: inner.exposesSecret,
    forConnection: (target) => {
      const made = inner.forConnection(target);
      let request = Buffer.alloc(0);
      return {
        step: (challenge) => made.step(challenge),
        wrap: (message) => {
          request = Buffer.from(message.body);
          return made.wrap(message);
        },
        unwrap: (message) => {
          const response = made.unwrap(message);
          exchanges.push({ request, response: Buffer.from(response) });
          return response;
        },
        dispose: () => made.dispose(),
      };
    },
  };
}
