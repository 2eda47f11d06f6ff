import {
  faultEnvelope,
  responseEnvelope,
  soapContentType,
  WsmanFault,
  type FaultName,
} from '@aether-v/psrp/wsman';
import { account, instead, serve, winrm, listen } from './peers.ts';
import { createServer } from 'node:http';
import type { Provoke, Provoked } from './provoke.ts';

async function at(url: Promise<string>): Promise<Provoked> {
  return { entry: `${await url}?auth=basic`, environment: account };
}

/** A host that answers Create with a fault. */
function faulty(name: FaultName): Promise<Provoked> {
  const text = faultEnvelope(WsmanFault.of(name), { messageId: crypto.randomUUID(), relatesTo: '' }, 'HV1');
  const reply = { status: 500, headers: { 'content-type': soapContentType }, body: Buffer.from(text) };
  return at(serve({ intercept: instead('create', () => Promise.resolve(reply)) }));
}

/** A host whose answers to Receive hold bytes that are not PSRP. */
const garbled = instead('receive', () => {
  const chunks = [{ stream: 'stdout', data: Buffer.alloc(64, 0xff) }];
  const text = responseEnvelope(
    { action: 'receive', chunks },
    { messageId: crypto.randomUUID(), relatesTo: '' },
  );
  const headers = { 'content-type': soapContentType };
  return Promise.resolve({ status: 200, headers, body: Buffer.from(text) });
});

/** Hosts that refuse a session, or end it soon. */
export const session = {
  'access-denied': {
    make: async () => ({ ...(await at(serve())), environment: { ...account, WINRM_PASSWORD: 'guess' } }),
  },
  'not-allowed': { make: () => faulty('accessDenied') },
  'no-endpoint': {
    make: async () => ({
      entry: `${await serve()}?auth=basic&configuration=Nowhere`,
      environment: account,
    }),
  },
  'quota-shells': { make: () => at(serve({ quotas: { shellsPerUser: 0 } })) },
  'quota-users': { make: () => at(serve({ quotas: { users: 0 } })) },
  'quota-operations': { make: () => at(serve({ quotas: { operationsPerUser: 0 } })) },
  'quota-commands': { make: () => at(serve({ quotas: { commandsPerShell: 0 } })) },
  'envelope-size': { make: () => at(serve({ maxEnvelopeSize: 1500 })) },
  'winrm-fault': { make: () => at(serve({ backend: { open: () => Promise.reject(new Error('no room')) } })) },
  'session-ended': {
    make: async () => {
      const listener = winrm({
        intercept: instead('command', async (_, next) => {
          // As Remove-WSManInstance or a restart of WinRM does it.
          await listener.close();
          return next();
        }),
      });
      return at(listen(createServer(listener.handle)));
    },
  },
  'session-broken': { make: () => at(serve({ intercept: garbled })) },
} satisfies Record<string, Provoke>;
