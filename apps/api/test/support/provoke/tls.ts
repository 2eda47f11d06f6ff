import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { account, listen, serveTls, winrm } from './peers.ts';
import type { Provoke, Provoked } from './provoke.ts';

const openssl = '/usr/bin/openssl';
const name = 'subjectAltName=IP:127.0.0.1';

/** An authority of the test's own. */
class Authority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'authority-'));

  constructor() {
    onTestFinished(() => rmSync(this.#folder, { recursive: true }));
    const config = `[ca]\ndefault_ca = own\n[own]\ndatabase = ${this.path('index')}\nserial = ${this.path('serial')}
new_certs_dir = ${this.#folder}\ndefault_md = sha256\npolicy = any\ncopy_extensions = copy\nunique_subject = no
[any]\ncommonName = supplied\n`;
    writeFileSync(this.path('config'), config);
    writeFileSync(this.path('index'), '');
    writeFileSync(this.path('serial'), '01\n');
    const subject = ['-subj', '/CN=Authority of a test', '-addext', 'basicConstraints=critical,CA:true'];
    this.#run('req', '-x509', ...subject, ...this.#key('ca'), '-out', this.path('ca.pem'));
  }

  path(file: string): string {
    return join(this.#folder, file);
  }

  /** A key and a certificate, signed by the authority. */
  issue(extensions: readonly string[], times: readonly string[] = ['-days', '2']) {
    const added = extensions.flatMap((extension) => ['-addext', extension]);
    this.#run(
      'req',
      '-new',
      '-subj',
      '/CN=hv1',
      ...added,
      ...this.#key('host'),
      '-out',
      this.path('request'),
    );
    const authority = ['-cert', this.path('ca.pem'), '-keyfile', this.path('ca.key')];
    const files = ['-in', this.path('request'), '-out', this.path('host.pem')];
    this.#run('ca', '-batch', '-notext', '-config', this.path('config'), ...authority, ...files, ...times);
    return {
      key: readFileSync(this.path('host.key'), 'utf8'),
      cert: readFileSync(this.path('host.pem'), 'utf8'),
    };
  }

  #key(file: string): readonly string[] {
    const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    return ['-nodes', ...curve, '-keyout', this.path(`${file}.key`)];
  }

  #run(...args: readonly string[]): void {
    execFileSync(openssl, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  }
}

/** A host with a certificate of that authority, which the service trusts. */
async function host(extensions: readonly string[], times?: readonly string[]): Promise<Provoked> {
  const authority = new Authority();
  const url = await serveTls(authority.issue(extensions, times));
  const environment = { ...account, WINRM_CA_FILE: authority.path('ca.pem') };
  return { entry: `${url}?auth=basic`, environment };
}

function selfSigned(): { key: string; cert: string } {
  const authority = new Authority();
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
      const url = await serveTls(new Authority().issue([name]));
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
