import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { account, serve } from './peers.ts';
import type { Provoke, Provoked } from './provoke.ts';

async function ntlm(env: Readonly<Record<string, string>>, preload?: string): Promise<Provoked> {
  const process = preload === undefined ? { env } : { env, preload };
  return { entry: `${await serve()}?auth=ntlm`, environment: account, process };
}

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'mechanisms-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

/** Hides an npm package from the process that preloads this. */
const withoutKoffi = `
import { registerHooks } from 'node:module';
registerHooks({
  resolve: (name, context, next) => {
    if (name === 'koffi') throw new Error('hidden');
    return next(name, context);
  },
});`;

/** What this machine lacks. Each in a process of its own: libraries are loaded once. */
export const mechanisms = {
  'gssapi-unavailable': {
    make: () => {
      const file = join(folder(), 'preload.mjs');
      writeFileSync(file, withoutKoffi);
      return ntlm({}, file);
    },
  },
  // Where MIT krb5 reads its list of mechanisms instead of /etc/gss/mech and /etc/gss/mech.d.
  'mechanism-missing': {
    needs: 'kdc',
    make: () => {
      const file = join(folder(), 'mech');
      writeFileSync(file, '');
      return ntlm({ GSS_MECH_CONFIG: file });
    },
  },
  // Where OpenSSL looks for its providers.
  'legacy-algorithms': { needs: 'kdc', make: () => ntlm({ OPENSSL_MODULES: folder() }) },
} satisfies Record<string, Provoke>;
