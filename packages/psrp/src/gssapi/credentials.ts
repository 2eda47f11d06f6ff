import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkOptions, rules } from '../options.ts';
import { binding, type Binding } from './binding.ts';
import type { Pointer } from './library.ts';
import { kerberosOid, ntlmOid, spnegoOid, userNameOid } from './oids.ts';

/** Credentials as a context begins with them; given back when its handshake is over. */
export interface Lease {
  readonly negotiate: Pointer;
  /** The same credentials without negotiation around them, to ask Kerberos itself what went wrong. */
  readonly direct: Pointer;
  release(): void;
}

/** Where credentials come from; shared by the connections of an authenticator. */
export interface CredentialSource {
  lease(): Promise<Lease>;
  /** The next lease is of new credentials: these were refused, and tickets may be older than keys. */
  invalidate(): void;
  /** Frees what is not leased, and the rest when it comes back. */
  dispose(): void;
}

/** Who the service is in Kerberos. */
export interface KerberosIdentity {
  /** `user@REALM` or `service/host@REALM`. Default: the one of the credential cache. */
  readonly principal?: string;
  /** A keytab: its path, or its content. Credentials are fetched with it and renewed from it. */
  readonly keytab?: string | Buffer;
  /** A credential cache instead (`FILE:/run/krb5cc`): someone else renews it. */
  readonly ccache?: string;
}

/**
 * Reads a setting that holds a keytab either by its path or by its content in base64.
 *
 * @throws {OptionError} if it is not a string.
 */
export function keytabFrom(setting: string): string | Buffer {
  checkOptions({ setting }, { setting: rules.text }, ['setting']);
  // A keytab begins with 05 02, and no path looks like that in base64.
  return /^BQ[I-L][A-Za-z0-9+/]+={0,2}$/.test(setting) ? Buffer.from(setting, 'base64') : setting;
}

interface Acquired {
  readonly negotiate: Pointer;
  readonly direct: Pointer;
  readonly renewAt: number;
  free(): void;
}

type Acquire = (binding: Binding) => Promise<Acquired>;

/** Kerberos credentials, renewed after half of their life. `now` is milliseconds, as Date.now. */
export function kerberosSource(identity: KerberosIdentity, now: () => number = Date.now): CredentialSource {
  return new SharedCredentials((library) => acquireKerberos(library, identity, now), now);
}

/** NTLM credentials: they live as long as their owner. */
export function ntlmSource(user: string, password: string): CredentialSource {
  return new SharedCredentials(
    (library) => acquireNtlm(library, user, password),
    () => 0,
  );
}

async function acquireNtlm(library: Binding, user: string, password: string): Promise<Acquired> {
  const name = library.importName(user, userNameOid);
  // gss-ntlmssp reads the password up to a zero byte, whatever its length says.
  const secret = Buffer.from(`${password}\0`, 'utf8');
  try {
    const credential = await library.acquireWithPassword(name, ntlmOid, secret.subarray(0, -1));
    const free = (): void => library.releaseCredential(credential);
    return { negotiate: credential, direct: credential, renewAt: Infinity, free };
  } finally {
    secret.fill(0);
    library.releaseName(name);
  }
}

async function acquireKerberos(
  library: Binding,
  { principal, keytab, ccache }: KerberosIdentity,
  now: () => number,
): Promise<Acquired> {
  const own = keytab === undefined ? undefined : `MEMORY:${randomUUID()}`;
  const cache = own ?? ccache;
  const made: Pointer[] = [];
  const free = (): void => {
    for (const credential of made) library.releaseCredential(credential);
    if (own !== undefined) library.destroyCache(own);
  };
  const name = principal === undefined ? null : library.importName(principal, userNameOid);
  const file = await keytabFile(keytab);
  try {
    const store = {
      ...(file && { client_keytab: file.path }),
      ...(cache !== undefined && { ccache: cache }),
    };
    const direct = await library.acquireFrom(name, kerberosOid, 'initiate', store);
    made.push(direct);
    // Asking for the lifetime makes Kerberos fetch the ticket now, while the keytab is there.
    const seconds = await library.lifetime(direct, kerberosOid);
    const negotiate = await library.acquireFrom(name, spnegoOid, 'initiate', store);
    made.push(negotiate);
    library.limitNegotiation(negotiate, kerberosOid);
    return { negotiate, direct, renewAt: now() + seconds * 500, free };
  } catch (error) {
    free();
    throw error;
  } finally {
    if (name !== null) library.releaseName(name);
    await file?.remove();
  }
}

/** A keytab given by content stands in a file for the moment in which Kerberos reads it; in memory where there is such. */
async function keytabFile(
  keytab: string | Buffer | undefined,
): Promise<{ path: string; remove: () => Promise<void> } | undefined> {
  if (keytab === undefined) return undefined;
  if (typeof keytab === 'string') return { path: keytab, remove: () => Promise.resolve() };
  const folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'keytab-'));
  const path = join(folder, 'client.keytab');
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    await writeFile(path, keytab, { mode: 0o600 });
    return { path, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** One set of credentials at a time, acquired once for all who wait, freed when the last lease is back. */
class SharedCredentials implements CredentialSource {
  readonly #acquire: Acquire;
  readonly #now: () => number;
  #current: Promise<Shared> | undefined;

  constructor(acquire: Acquire, now: () => number) {
    this.#acquire = acquire;
    this.#now = now;
  }

  async lease(): Promise<Lease> {
    const shared = await this.#valid();
    return shared.lease();
  }

  invalidate(): void {
    const dropped = this.#current;
    this.#current = undefined;
    dropped?.then(
      (shared) => shared.retire(),
      () => undefined,
    );
  }

  dispose(): void {
    this.invalidate();
  }

  async #valid(): Promise<Shared> {
    const current = this.#current ?? this.#fetch();
    const shared = await current;
    if (this.#now() < shared.renewAt) return shared;
    if (this.#current === current) this.invalidate();
    return this.#current ?? this.#fetch();
  }

  #fetch(): Promise<Shared> {
    const fetching = binding()
      .then(this.#acquire)
      .then((acquired) => new Shared(acquired));
    this.#current = fetching;
    fetching.catch(() => {
      if (this.#current === fetching) this.#current = undefined;
    });
    return fetching;
  }
}

/** Credentials with a count of who uses them. */
class Shared {
  readonly #acquired: Acquired;
  #leases = 0;
  #retired = false;
  #freed = false;

  constructor(acquired: Acquired) {
    this.#acquired = acquired;
  }

  get renewAt(): number {
    return this.#acquired.renewAt;
  }

  lease(): Lease {
    this.#leases += 1;
    const { negotiate, direct } = this.#acquired;
    let released = false;
    return {
      negotiate,
      direct,
      release: () => {
        if (released) return;
        released = true;
        this.#leases -= 1;
        this.#freeIfUnused();
      },
    };
  }

  retire(): void {
    this.#retired = true;
    this.#freeIfUnused();
  }

  #freeIfUnused(): void {
    if (!this.#retired || this.#leases > 0 || this.#freed) return;
    this.#freed = true;
    this.#acquired.free();
  }
}
