import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import {
  basicAuthentication,
  createPsrpShell,
  WsmanListener,
  type CommandHandler,
  type Interceptor,
  type WsmanListenerOptions,
} from '@aether-v/psrp/server';
import { agentCommand, sessionCommand } from '@aether-v/types';

/** Credentials for what `listen` makes. */
export const account = { WINRM_USERNAME: 'operator', WINRM_PASSWORD: 'secret' };

/** Listens on loopback until the test ends; answers where. */
export async function listen(server: Server, address = '127.0.0.1'): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, address, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const scheme = 'setSecureContext' in server ? 'https' : 'http';
  return `${scheme}://${address}:${(server.address() as AddressInfo).port}/wsman`;
}

/** A WinRM listener with PowerShell Remoting, where the agent's command does what it is told. */
export function winrm(
  options: Partial<WsmanListenerOptions> = {},
  agent: CommandHandler = fail,
): WsmanListener {
  const listener = new WsmanListener({
    backend: createPsrpShell({
      commands: { [agentCommand.name]: agent },
      find: (name) => (sessionCommand.test(name) ? agent : undefined),
    }),
    authentication: basicAuthentication((user, password) => user === 'operator' && password === 'secret'),
    ...options,
  });
  onTestFinished(() => listener.close());
  return listener;
}

/** Where such a listener is. */
export function serve(options?: Partial<WsmanListenerOptions>, agent?: CommandHandler): Promise<string> {
  return listen(createServer(winrm(options, agent).handle));
}

/** The same over TLS. */
export function serveTls(
  pem: { readonly key: string; readonly cert: string },
  handle?: RequestListener,
): Promise<string> {
  return listen(createTlsServer(pem, handle ?? winrm().handle));
}

/** Answers one kind of request by itself. */
export function instead(action: string, answer: Interceptor): Interceptor {
  return (request, next) => (request.action === action ? answer(request, next) : next());
}

function fail(): Promise<void> {
  return Promise.reject(new Error('the agent broke'));
}
