import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { onTestFinished, vi } from 'vitest';
import { NegotiateAcceptor } from '@aether-v/psrp/gssapi';
import type { ServerAuthentication } from '@aether-v/psrp/server';
import { freePort, Kdc, kdcRealm, shiftClock } from '@aether-v/psrp/testing/kdc';
import { listen, winrm } from './peers.ts';
import type { Provoke, Provoked } from './provoke.ts';

const run = promisify(execFile);

/** Each test has a realm of its own, and the process goes by its krb5.conf until it ends. */
async function realm(): Promise<Kdc> {
  const kdc = await Kdc.start();
  vi.stubEnv('KRB5_CONFIG', kdc.config);
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    await kdc.stop();
  });
  return kdc;
}

/** A host of the realm, at an address of its own, so that its service principal is its own. */
async function host(authentication?: ServerAuthentication): Promise<string> {
  const listener = winrm(authentication === undefined ? {} : { authentication });
  return listen(createServer(listener.handle));
}

/** The service as one principal, asking a host that the KDC knows. */
async function asked(
  kdc: Kdc,
  client: { readonly principal?: string; readonly keytab?: string; readonly ccache?: string },
  options = '',
): Promise<Provoked> {
  await kdc.principal('WSMAN/127.0.0.1', options);
  return { entry: `${await host()}?auth=kerberos`, environment: identity(client) };
}

function identity(client: {
  readonly principal?: string;
  readonly keytab?: string;
  readonly ccache?: string;
}) {
  const { principal, keytab, ccache } = client;
  return {
    ...(principal === undefined ? {} : { WINRM_KERBEROS_PRINCIPAL: principal }),
    ...(keytab === undefined ? {} : { WINRM_KERBEROS_KEYTAB: keytab }),
    ...(ccache === undefined ? {} : { WINRM_KERBEROS_CCACHE: ccache }),
  };
}

async function service(kdc: Kdc, options = '') {
  return { principal: `svc@${kdcRealm}`, keytab: await kdc.principal('svc', options) };
}

/** A host with a keytab, whose verdicts pass by `change`. */
async function accepting(change: (acceptor: NegotiateAcceptor) => ServerAuthentication): Promise<Provoked> {
  const kdc = await realm();
  const acceptor = new NegotiateAcceptor({ keytab: await kdc.principal('WSMAN/127.0.0.1') });
  onTestFinished(() => acceptor.close());
  return {
    entry: `${await host(change(acceptor))}?auth=kerberos`,
    environment: identity(await service(kdc)),
  };
}

/** What goes wrong with Kerberos before a host has a say, and with what it says. */
export const kerberos = {
  'clock-skew': {
    needs: 'kdc',
    make: async () => {
      const kdc = await realm();
      const { keytab } = await service(kdc);
      const path = join(kdc.folder, 'skewed');
      await kdc.program('/usr/bin/kinit', ['-k', '-t', keytab, '-c', `FILE:${path}`, 'svc']);
      await shiftClock(path, 3600);
      return asked(kdc, { ccache: `FILE:${path}` });
    },
  },
  'unknown-service': {
    needs: 'kdc',
    make: async () => {
      const client = await service(await realm());
      return { entry: `${await host()}?auth=kerberos`, environment: identity(client) };
    },
  },
  'key-version': {
    needs: 'kdc',
    make: async () => {
      const kdc = await realm();
      const name = 'WSMAN/127.0.0.1';
      const acceptor = new NegotiateAcceptor({ keytab: await kdc.principal(name) });
      onTestFinished(() => acceptor.close());
      await kdc.admin(`cpw -randkey ${name}`);
      const url = await host(acceptor.authenticate);
      return { entry: `${url}?auth=kerberos`, environment: identity(await service(kdc)) };
    },
  },
  'no-credentials': {
    needs: 'kdc',
    make: async () =>
      asked(await realm(), { principal: `svc@${kdcRealm}`, keytab: '/nonexistent/svc.keytab' }),
  },
  'client-unknown': {
    needs: 'kdc',
    make: async () => {
      const kdc = await realm();
      const client = await service(kdc);
      await kdc.admin('delprinc -force svc');
      return asked(kdc, client);
    },
  },
  'bad-password': {
    needs: 'kdc',
    make: async () => {
      const kdc = await realm();
      const client = await service(kdc);
      await kdc.admin('cpw -randkey svc');
      return asked(kdc, client);
    },
  },
  'account-closed': {
    needs: 'kdc',
    make: async () => {
      const kdc = await realm();
      return asked(kdc, await service(kdc, '-expire yesterday'));
    },
  },
  'credentials-expired': {
    needs: 'kdc',
    make: async () => {
      const kdc = await realm();
      const { keytab } = await service(kdc);
      const ccache = `FILE:${join(kdc.folder, 'expired')}`;
      await kdc.program('/usr/bin/kinit', ['-l', '1s', '-k', '-t', keytab, '-c', ccache, 'svc']);
      while (await isValid(ccache));
      return asked(kdc, { ccache });
    },
  },
  'kdc-unreachable': {
    needs: 'kdc',
    make: async () => {
      const kdc = await realm();
      const client = await service(kdc);
      const provoked = await asked(kdc, client);
      vi.stubEnv('KRB5_CONFIG', await kdc.variant('dead', '', await freePort()));
      return provoked;
    },
  },
  'encryption-type': {
    needs: 'kdc',
    make: async () => {
      const kdc = await realm();
      const provoked = await asked(kdc, await service(kdc));
      vi.stubEnv('KRB5_CONFIG', await kdc.variant('camellia', 'permitted_enctypes = camellia256-cts-cmac'));
      return provoked;
    },
  },
  // KDC_ERR_MUST_USE_USER2USER (RFC 4120 7.5.9), which nothing here has a name for.
  'mechanism-failed': {
    needs: 'kdc',
    make: async () => {
      const kdc = await realm();
      return asked(kdc, await service(kdc), '-allow_svr');
    },
  },
  'not-authentic': {
    needs: 'kdc',
    make: () =>
      accepting((acceptor) => async (http) => {
        const verdict = await acceptor.authenticate(http);
        // As what only passes requests on, without the token by which the client would know the host.
        return verdict.kind === 'accepted' ? { ...verdict, wwwAuthenticate: [] } : verdict;
      }),
  },
  'not-sealed': {
    needs: 'kdc',
    make: () =>
      accepting((acceptor) => async (http) => {
        const verdict = await acceptor.authenticate(http);
        if (verdict.kind !== 'accepted' || verdict.session === undefined) return verdict;
        const { session } = verdict;
        return {
          ...verdict,
          session: { open: (message) => session.open(message), seal: (message) => message },
        };
      }),
  },
} satisfies Record<string, Provoke>;

/** klist -s fails once the ticket is over. */
function isValid(ccache: string): Promise<boolean> {
  return run('/usr/bin/klist', ['-s', '-c', ccache]).then(
    () => true,
    () => false,
  );
}
