import { sessionApi } from './session-api.ts';
import type { SessionPorts } from './session-store.ts';

const name = 'aether-v.session';

/** Connects the session to the service and to the browser's other windows. */
export function sessionPorts(): SessionPorts {
  const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel(name) : null;
  return {
    readMe: () => sessionApi.me(),
    wait: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    random: Math.random,
    tell: () => channel?.postMessage('changed'),
    listen: (listener) => channel?.addEventListener('message', listener),
    reload: () => location.reload(),
  };
}
