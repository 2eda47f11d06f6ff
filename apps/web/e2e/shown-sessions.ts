import { roles, type Me, type MySessions } from '@aether-v/types';
import type { ShownState } from './shown-states.ts';

const none: Me = {
  principal: null,
  session: null,
  ended: null,
  signIn: ['oidc', 'account'],
  provider: 'login.example.org',
};
const ada: Me = {
  ...none,
  principal: {
    id: 'account:ada',
    name: 'Ada Example',
    method: 'session',
    role: 'reader',
    permissions: [...roles.reader],
    notice: null,
  },
};

const agents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1',
];
/** The sessions of the one who is signed in. */
export const mySessions: MySessions = {
  items: agents.map((userAgent, at) => ({
    id: `s${at}`,
    current: at === 0,
    signedInAt: new Date(Date.now() - (at + 1) * 3_600_000).toISOString(),
    lastUsedAt: new Date(Date.now() - at * 600_000).toISOString(),
    endsAt: new Date(Date.now() + (23 - at) * 3_600_000).toISOString(),
    address: at === 0 ? '10.20.0.17' : '2001:db8::7',
    userAgent,
  })),
};

/** The states that depend on who is signed in. */
export const sessionStates: Record<string, ShownState> = {
  'sign-in': { path: '/', me: none },
  'sign-in-failed': {
    path: '/',
    me: { ...none, ended: 'idle' },
    async act(page) {
      await page.route('**/auth/password', (route) =>
        route.fulfill({ status: 401, json: { code: 'unauthenticated', detail: 'No.' } }),
      );
      await page.getByLabel('User name').fill('ada');
      await page.getByLabel('Password').fill('s3cret');
      await page.keyboard.press('Enter');
    },
  },
  'sign-in-provider': { path: '/', me: { ...none, signIn: ['oidc'] } },
  'sign-in-no-way': { path: '/', me: { ...none, signIn: [] } },
  'no-access': {
    path: '/',
    me: {
      ...ada,
      principal: ada.principal && { ...ada.principal, role: null, permissions: [], notice: 'no-role' },
    },
  },
  reader: {
    me: ada,
    path: '/vms',
    async act(page) {
      await page.getByRole('button', { name: /^Account of/ }).click();
    },
  },
  sessions: {
    me: ada,
    path: '/sessions',
  },
  'session-ended': {
    me: ada,
    path: '/vms',
    async act(page) {
      await page.getByRole('row').or(page.getByRole('listitem')).first().waitFor();
      await page.unroute('**/auth/me');
      await page.route('**/auth/me', (route) => route.fulfill({ json: { ...none, ended: 'idle' } }));
      await page.evaluate(() => new BroadcastChannel('aether-v.session').postMessage('changed'));
    },
  },
  'session-ends': {
    me: {
      ...ada,
      session: {
        id: 's',
        signedInAt: new Date().toISOString(),
        endsAt: new Date(Date.now() + 4.5 * 60_000).toISOString(),
        idleMinutes: 60,
      },
    },
    path: '/vms',
  },
};
