import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { onTestFinished } from 'vitest';
import { Authority } from '../authority.ts';
import { account, listen, serveTls, winrm } from './peers.ts';
import type { Provoke, Provoked } from './provoke.ts';

const name = 'subjectAltName=IP:127.0.0.1';

/** An authority that is deleted when the test ends. */
function authorityOfTest(): Authority {
  const authority = new Authority();
  onTestFinished(() => authority.dispose());
  return authority;
}

/** A host with a certificate of that authority, which the service trusts. */
async function host(extensions: readonly string[], times?: readonly string[]): Promise<Provoked> {
  const authority = authorityOfTest();
  const url = await serveTls(authority.issue(extensions, times));
  const environment = { ...account, WINRM_CA_FILE: authority.path('ca.pem') };
  return { entry: `${url}?auth=basic`, environment };
}

function selfSigned(): { key: string; cert: string } {
  const authority = authorityOfTest();
  return {
    key: readFileSync(authority.path('ca.key'), 'utf8'),
    cert: readFileSync(authority.path('ca.pem'), 'utf8'),
  };
}

/** Hosts whose certificate is not trusted. */
export const tls = {
  'tls-self-signed': {
    needs: 'openssl',
    make: async () => ({ entry: `${await serveTls(selfSigned())}?auth=basic`, environment: account }),
  },
  'tls-unknown-authority': {
    needs: 'openssl',
    make: async () => {
      const url = await serveTls(authorityOfTest().issue([name]));
      return { entry: `${url}?auth=basic`, environment: account };
    },
  },
  'tls-wrong-name': { needs: 'openssl', make: () => host(['subjectAltName=DNS:hv2.example.org']) },
  'tls-expired': {
    needs: 'openssl',
    make: () => host([name], ['-startdate', '20200101000000Z', '-enddate', '20200102000000Z']),
  },
  'tls-not-yet-valid': {
    needs: 'openssl',
    make: () => host([name], ['-startdate', '20480101000000Z', '-enddate', '20490101000000Z']),
  },
  'tls-untrusted': { needs: 'openssl', make: () => host([name, 'extendedKeyUsage=clientAuth']) },
  'tls-not-pinned': {
    needs: 'openssl',
    make: async () => ({ ...(await host([name])), fingerprints: ['00'.repeat(32)] }),
  },
  'tls-missing': {
    make: async () => {
      const url = await listen(createServer(winrm().handle));
      return { entry: `${url.replace('http:', 'https:')}?auth=basic`, environment: account };
    },
  },
} satisfies Record<string, Provoke>;
