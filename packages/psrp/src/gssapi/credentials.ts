import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkOptions, rules } from '../options.ts';
import { binding, type Binding } from './binding.ts';
import type { Pointer } from './library.ts';
import { kerberosOid, ntlmOid, spnegoOid, userNameOid } from './oids.ts';

/** Credentials of a handshake; released when the handshake is complete. */
export interface Lease {
  readonly negotiate: Pointer;
  /** The same credentials without SPNEGO, to obtain Kerberos' own error. */
  readonly direct: Pointer;
  release(): void;
}

/** Source of credentials, shared by the connections of an authenticator. */
export interface CredentialSource {
  lease(): Promise<Lease>;
  /**
   * Makes the next lease acquire new credentials: the current ones were refused, and tickets may be older than keys.
   */
  invalidate(): void;
  /** Frees unused credentials now and leased ones when they are released. */
  dispose(): void;
}

/** Kerberos identity of the client. */
export interface KerberosIdentity {
  /** `user@REALM` or `service/host@REALM`. Default: the principal of the credential cache. */
  readonly principal?: string;
  /** Keytab, by path or content. Credentials are acquired and renewed with it. */
  readonly keytab?: string | Buffer;
  /** Credential cache, instead of a keytab (`FILE:/run/krb5cc`). Renewed externally. */
  readonly ccache?: string;
}

/**
 * Parses a setting with the path of a keytab or its content in base64. Returns the path as a string, the content as
 * bytes.
 *
 * @throws {OptionError} if the setting is not a string.
 */
export function keytabFrom(setting: string): string | Buffer {
  checkOptions({ setting }, { setting: rules.text }, ['setting']);
  // A keytab begins with the bytes 05 02, whose base64 form no path resembles.
  return /^BQ[I-L][A-Za-z0-9+/]+={0,2}$/.test(setting) ? Buffer.from(setting, 'base64') : setting;
}

interface Acquired {
  readonly negotiate: Pointer;
  readonly direct: Pointer;
  readonly renewAt: number;
  free(): void;
}

type Acquire = (binding: Binding) => Promise<Acquired>;

/**
 * Creates a source of Kerberos credentials, renewed after half of their lifetime. `now` returns milliseconds, as
 * Date.now.
 */
export function kerberosSource(identity: KerberosIdentity, now: () => number = Date.now): CredentialSource {
  return new SharedCredentials((library) => acquireKerberos(library, identity, now), now);
}

/** Creates a source of NTLM credentials, which do not expire. */
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

/** Writes a keytab that was given by content to a temporary file while Kerberos reads it; in /dev/shm if it exists. */
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

/** Shares one set of credentials: acquired once for all callers, freed when the last lease is released. */
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

/** Credentials with a reference count. */
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
