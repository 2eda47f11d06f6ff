import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { basic, type Authenticator } from '@aether-v/psrp/client';
import { kerberos, NegotiateAcceptor, ntlm } from '@aether-v/psrp/gssapi';
import { basicAuthentication, type ServerAuthentication } from '@aether-v/psrp/server';
import { Kdc, missingParts, kdcRealm } from '@aether-v/psrp/testing/kdc';

/** Both ends of an authentication method. */
export interface Way {
  readonly name: string;
  readonly authentication: ServerAuthentication;
  readonly authenticator: Authenticator;
}

/** The authentication methods available on this machine, Basic first, and what the others lack. */
export interface Ways extends AsyncDisposable {
  readonly open: readonly Way[];
  readonly missing: readonly { readonly name: string; readonly why: string }[];
}

const password = 'bench of calls';

/** The system components that each encrypting method needs. */
const needs = {
  'NTLM, sealed': ['gss-ntlmssp', 'libgssapi-krb5-2'],
  'Kerberos, sealed': ['krb5-kdc', 'krb5-admin-server', 'libgssapi-krb5-2'],
} as const;

type Sealed = keyof typeof needs;

/** Opens every available method. This process is both service and host, so it sets the environment of both. */
export async function openWays(): Promise<Ways> {
  const cleanups: (() => unknown)[] = [];
  const openers: Readonly<Record<Sealed, () => Promise<Way>>> = {
    'NTLM, sealed': async () => {
      const folder = await mkdtemp(join(tmpdir(), 'bench-ntlm-'));
      cleanups.push(() => rm(folder, { recursive: true }));
      const users = join(folder, 'users');
      await writeFile(users, `BENCH:bench:${password}\n`);
      process.env.NTLM_USER_FILE = users;
      const acceptor = new NegotiateAcceptor({ ntlm: true });
      const authenticator = ntlm({ user: 'BENCH\\bench', password });
      cleanups.push(
        () => acceptor.close(),
        () => authenticator.dispose(),
      );
      return { name: 'NTLM, sealed', authentication: acceptor.authenticate, authenticator };
    },
    'Kerberos, sealed': async () => {
      const kdc = await Kdc.start();
      cleanups.push(() => kdc.stop());
      process.env.KRB5_CONFIG = kdc.config;
      const keytab = await kdc.principal('bench');
      const acceptor = new NegotiateAcceptor({ keytab: await kdc.principal('WSMAN/bench.test') });
      const authenticator = kerberos({ principal: `bench@${kdcRealm}`, keytab, host: 'bench.test' });
      cleanups.push(
        () => acceptor.close(),
        () => authenticator.dispose(),
      );
      return { name: 'Kerberos, sealed', authentication: acceptor.authenticate, authenticator };
    },
  };
  const open: Way[] = [
    {
      name: 'Basic, plain',
      authentication: basicAuthentication(() => true),
      authenticator: basic('user', password),
    },
  ];
  const missing: { name: string; why: string }[] = [];
  const absent = new Set(missingParts());
  for (const name of Object.keys(needs) as Sealed[]) {
    const lacks = needs[name].filter((part) => absent.has(part));
    if (lacks.length === 0) open.push(await openers[name]());
    else missing.push({ name, why: `${lacks.join(', ')} not installed` });
  }
  return {
    open,
    missing,
    [Symbol.asyncDispose]: async () => {
      for (const cleanup of cleanups.toReversed()) await cleanup();
    },
  };
}
