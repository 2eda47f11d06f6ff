import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const openssl = '/usr/bin/openssl';
const required = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('openssl');

/** Whether tests with certificates must be skipped; `AETHER_REQUIRE=openssl` makes them run and fail instead. */
export const opensslMissing = !existsSync(openssl) && !required;

/** A certificate authority that exists for one test or test file. */
export class Authority {
  readonly #folder = mkdtempSync(join(tmpdir(), 'authority-'));

  constructor() {
    const config = `[ca]\ndefault_ca = own\n[own]\ndatabase = ${this.path('index')}\nserial = ${this.path('serial')}
new_certs_dir = ${this.#folder}\ndefault_md = sha256\npolicy = any\ncopy_extensions = copy\nunique_subject = no
[any]\ncommonName = supplied\n`;
    writeFileSync(this.path('config'), config);
    writeFileSync(this.path('index'), '');
    writeFileSync(this.path('serial'), '01\n');
    const subject = ['-subj', '/CN=Authority of a test', '-addext', 'basicConstraints=critical,CA:true'];
    this.#run('req', '-x509', ...subject, ...this.#key('ca'), '-out', this.path('ca.pem'));
  }

  /** Deletes its files. */
  dispose(): void {
    rmSync(this.#folder, { recursive: true });
  }

  /** The certificate of the authority, as PEM text. */
  get certificate(): string {
    return readFileSync(this.path('ca.pem'), 'utf8');
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
