import { globSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type * as Koffi from 'koffi';
import { GssapiUnavailableError } from './errors.ts';

/** Native pointer. */
export type Pointer = bigint;

/** Function of a C library. `async` runs it on a worker thread and then calls its last argument. */
export interface NativeFunction {
  (...args: readonly unknown[]): unknown;
  async(...args: readonly unknown[]): void;
}

/** Native functions by their names in the libraries. */
export type NativeFunctions = Readonly<Record<NativeName, NativeFunction>>;

type NativeName =
  | `gss_${'import' | 'display' | 'release'}_name`
  | `gss_${'init' | 'accept' | 'delete'}_sec_context`
  | `gss_${'inquire' | 'release'}_cred`
  | 'gss_acquire_cred_from'
  | 'gss_acquire_cred_with_password'
  | 'gss_set_neg_mechs'
  | 'gss_wrap'
  | 'gss_unwrap'
  | 'gss_display_status'
  | 'gss_release_buffer'
  | `krb5_${'init' | 'free'}_context`
  | `krb5_cc_${'resolve' | 'destroy'}`
  | 'memcpy';

/** Stack size of worker threads: koffi's default is too small for name resolution and plugins of Kerberos. */
const workerStackBytes = 1024 * 1024;

/**
 * Loads koffi and the system's libraries. The only effect on the process is that they are mapped into it.
 *
 * Rejects with a GssapiUnavailableError if a part is not installed.
 */
export async function loadFunctions(): Promise<NativeFunctions> {
  const koffi = await part('koffi', async () => (await import('koffi')).default);
  enlargeWorkerStack(koffi);
  const [gssapi, kerberos, c] = await part('libgssapi_krb5.so.2', () => [
    koffi.load('libgssapi_krb5.so.2'),
    koffi.load('libkrb5.so.3'),
    koffi.load(null),
  ]);
  await isolateNtlm(koffi);
  const libraryOf = (name: string): Koffi.LibraryHandle | undefined =>
    name.startsWith('gss_') ? gssapi : name.startsWith('krb5_') ? kerberos : c;
  const bind = ([name, [result, parameters]]: [string, Signature]): [string, NativeFunction | undefined] => [
    name,
    libraryOf(name)?.func(name, result, parameters),
  ];
  return Object.fromEntries(Object.entries(signatures(koffi)).map(bind)) as NativeFunctions;
}

type Module = typeof Koffi.default;
type Parameter = Parameters<typeof Koffi.sizeof>[0];
type Signature = [result: string, parameters: Parameter[]];

const mechanismFolder = '/etc/gss/mech.d';
const legacyProviderGlob = '/usr/lib*/{,*/}ossl-modules/legacy.so';

/**
 * Loads gss-ntlmssp and OpenSSL's legacy provider before GSSAPI does, each bound to its own dependencies first. Both
 * are built for the system's OpenSSL, but Node exports the symbols of its own OpenSSL, which would take precedence and
 * mix the two. If they are not installed, NTLM fails when it is used.
 */
async function isolateNtlm(koffi: Module): Promise<void> {
  const files = await readdir(mechanismFolder).catch(() => []);
  const lists = await Promise.all(files.map((file) => readFile(join(mechanismFolder, file), 'utf8')));
  const entry = /^\S+\s+1\.3\.6\.1\.4\.1\.311\.2\.2\.10\s+(\/\S+)/m;
  const plugins = lists.flatMap((list) => entry.exec(list)?.[1] ?? []);
  const providers = plugins.length === 0 ? [] : globSync(legacyProviderGlob);
  for (const path of [...plugins, ...providers]) {
    await part(path, () => koffi.load(path, { deep: true })).catch(() => undefined);
  }
}

async function part<T>(name: string, load: () => T | Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    throw new GssapiUnavailableError(name, error);
  }
}

function enlargeWorkerStack(koffi: Module): void {
  const config = koffi.config();
  if ((config.async_stack_size ?? 0) >= workerStackBytes) return;
  try {
    koffi.config({ ...config, async_stack_size: workerStackBytes });
  } catch {
    // Other code in this process has already used koffi, which fixes its configuration.
  }
}

/** Prototypes of RFC 2744, and of gssapi_ext.h of MIT krb5 for extensions. */
function signatures(koffi: Module): Record<NativeName, Signature> {
  const { pointer, out, inout, struct } = koffi;
  const any = 'void *';
  const bufferStruct = struct({ length: 'size_t', value: any });
  const oidStruct = struct({ length: 'uint32_t', elements: any });
  const oidsStruct = struct({ count: 'size_t', elements: pointer(oidStruct) });
  const pairStruct = struct({ key: 'const char *', value: 'const char *' });
  const storeStruct = struct({ count: 'uint32_t', elements: pointer(pairStruct) });
  const bindingsStruct = struct({
    initiatorType: 'uint32_t',
    initiator: bufferStruct,
    acceptorType: 'uint32_t',
    acceptor: bufferStruct,
    application: bufferStruct,
  });
  const [buffer, oid, oids] = [pointer(bufferStruct), pointer(oidStruct), pointer(oidsStruct)];
  const [store, bindings, u32] = [pointer(storeStruct), pointer(bindingsStruct), 'uint32_t'];
  const outU32 = out(pointer(u32));
  const outHandle = out(pointer(any));
  const handle = inout(pointer(any));
  const outBuffer = out(buffer);
  const gss = (...parameters: Parameter[]): Signature => [u32, [outU32, ...parameters]];
  return {
    gss_import_name: gss(buffer, oid, outHandle),
    gss_display_name: gss(any, outBuffer, any),
    gss_release_name: gss(handle),
    gss_acquire_cred_from: gss(any, u32, oids, 'int', store, outHandle, any, any),
    gss_acquire_cred_with_password: gss(any, buffer, u32, oids, 'int', outHandle, any, any),
    gss_set_neg_mechs: gss(any, oids),
    gss_inquire_cred: gss(any, outHandle, outU32, any, any),
    gss_release_cred: gss(handle),
    gss_init_sec_context: gss(
      ...[any, handle, any, oid, u32, u32, bindings, buffer],
      ...[any, outBuffer, outU32, any],
    ),
    gss_accept_sec_context: gss(handle, any, buffer, bindings, outHandle, any, outBuffer, outU32, any, any),
    gss_delete_sec_context: gss(handle, any),
    gss_wrap: gss(any, 'int', u32, buffer, out(pointer('int')), outBuffer),
    gss_unwrap: gss(any, buffer, outBuffer, out(pointer('int')), any),
    gss_display_status: gss(u32, 'int', oid, inout(pointer(u32)), outBuffer),
    gss_release_buffer: gss(inout(buffer)),
    krb5_init_context: ['int32_t', [outHandle]],
    krb5_cc_resolve: ['int32_t', [any, 'const char *', outHandle]],
    krb5_cc_destroy: ['int32_t', [any, any]],
    krb5_free_context: ['void', [any]],
    memcpy: [any, [any, any, 'size_t']],
  };
}
