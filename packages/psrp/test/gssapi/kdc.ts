import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The realm of the tests. */
export const kdcRealm = 'FLEET.TEST';

/** Settings of one realm. */
export interface KdcOptions {
  /** Encryption types of its keys, as krb5.conf names them; default: MIT's. */
  readonly encryptionTypes?: string;
}

/** An MIT KDC of its own in a temporary folder, on a free loopback port. */
export class Kdc {
  readonly folder: string;
  readonly port: number;
  readonly #types: string | undefined;
  #process: ChildProcess | undefined;

  private constructor(folder: string, port: number, types: string | undefined) {
    this.#types = types;
    this.folder = folder;
    this.port = port;
  }

  static async start(options: KdcOptions = {}): Promise<Kdc> {
    const kdc = new Kdc(await mkdtemp(join(tmpdir(), 'kdc-')), await freePort(), options.encryptionTypes);
    await kdc.#configure();
    await kdc.#run('/usr/sbin/kdb5_util', ['create', '-s', '-r', kdcRealm, '-P', 'master']);
    await kdc.resume();
    return kdc;
  }

  /** The krb5.conf that leads to this KDC. */
  get config(): string {
    return join(this.folder, 'krb5.conf');
  }

  /** Another krb5.conf for this KDC, with additions to [libdefaults] or another port. */
  async variant(name: string, libdefaults: string, port = this.port): Promise<string> {
    const path = join(this.folder, `${name}.conf`);
    await writeFile(path, this.#krb5Conf(port, libdefaults));
    return path;
  }

  /** Runs a kadmin command against the database. */
  async admin(command: string): Promise<void> {
    await this.#run('/usr/sbin/kadmin.local', ['-r', kdcRealm, '-q', command]);
  }

  /** Makes a principal with random keys and exports them; returns the keytab's path. */
  async principal(name: string, options = ''): Promise<string> {
    await this.admin(`addprinc -randkey ${options} ${name}`);
    return this.keytab(name);
  }

  /** Exports the present keys of a principal to a keytab of its own. */
  async keytab(name: string, file = name.replaceAll('/', '_')): Promise<string> {
    const path = join(this.folder, `${file}.keytab`);
    await this.admin(`ktadd -k ${path} -norandkey ${name}`);
    return path;
  }

  /** Runs a program against this realm. */
  async program(file: string, args: readonly string[]): Promise<void> {
    await this.#run(file, args);
  }

  async pause(): Promise<void> {
    if (this.#process?.exitCode !== null) return;
    const gone = once(this.#process, 'exit');
    this.#process.kill('SIGTERM');
    await gone;
  }

  async resume(): Promise<void> {
    this.#process = spawn('/usr/sbin/krb5kdc', ['-n', '-r', kdcRealm], {
      env: this.#env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const { stderr } = this.#process;
    // The KDC says "starting..." once its sockets are bound.
    if (stderr !== null) await once(stderr, 'data');
  }

  async stop(): Promise<void> {
    await this.pause();
    await rm(this.folder, { recursive: true });
  }

  get #env(): NodeJS.ProcessEnv {
    return { ...process.env, KRB5_CONFIG: this.config, KRB5_KDC_PROFILE: join(this.folder, 'kdc.conf') };
  }

  async #run(file: string, args: readonly string[]): Promise<void> {
    await run(file, args, { env: this.#env });
  }

  async #configure(): Promise<void> {
    const encryptionTypes = this.#types;
    await writeFile(this.config, this.#krb5Conf(this.port, ''));
    const types =
      encryptionTypes === undefined
        ? ''
        : `supported_enctypes = ${encryptionTypes}:normal\n  master_key_type = ${encryptionTypes}`;
    const kdcConf = `[kdcdefaults]
  kdc_listen = 127.0.0.1:${this.port}
  kdc_tcp_listen = 127.0.0.1:${this.port}
[realms]
  ${kdcRealm} = {
  database_name = ${this.folder}/principal
  key_stash_file = ${this.folder}/stash
  acl_file = ${this.folder}/acl
  max_life = 24h
  ${types}
  }
[logging]
  kdc = FILE:${this.folder}/kdc.log
`;
    await writeFile(join(this.folder, 'kdc.conf'), kdcConf);
  }

  #krb5Conf(port: number, libdefaults: string): string {
    return `[libdefaults]
  default_realm = ${kdcRealm}
  dns_lookup_kdc = false
  dns_lookup_realm = false
  dns_canonicalize_hostname = false
  rdns = false
  udp_preference_limit = 1
  ${this.#types === undefined ? '' : `permitted_enctypes = ${this.#types}`}
  ${libdefaults}
[realms]
  ${kdcRealm} = {
  kdc = 127.0.0.1:${port}
  }
`;
  }
}

/** A loopback port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** What of the system these tests need and is not there. */
export function missingParts(): readonly string[] {
  const needed = {
    'krb5-kdc': '/usr/sbin/krb5kdc',
    'krb5-admin-server': '/usr/sbin/kadmin.local',
    'gss-ntlmssp': '/etc/gss/mech.d/mech.ntlmssp.conf',
    'python3-gssapi': '/usr/lib/python3/dist-packages/gssapi',
    'libgssapi-krb5-2': '/etc/gss',
  };
  return Object.entries(needed)
    .filter(([, path]) => !existsSync(path))
    .map(([name]) => name);
}

/** Sets the offset to the KDC's clock that a credential cache carries (file format 4, header tag 1), in seconds. */
export async function shiftClock(path: string, seconds: number): Promise<void> {
  const cache = await readFile(path);
  const headerLength = cache.readUInt16BE(2);
  const header = Buffer.alloc(12);
  header.writeUInt16BE(1, 0);
  header.writeUInt16BE(8, 2);
  header.writeInt32BE(seconds, 4);
  const length = Buffer.from([0, header.length]);
  await writeFile(
    path,
    Buffer.concat([cache.subarray(0, 2), length, header, cache.subarray(4 + headerLength)]),
  );
}
