import { roles, type Role } from '@aether-v/types';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { signatureDemands, unnamedKey, type StoredKey } from './stored-key.ts';

/** The maximum size of a key file, in bytes. */
export const maxKeyFileBytes = 1024 * 1024;

/** The names of all roles. */
export const roleNames = Object.keys(roles) as Role[];

const keyName = /^[A-Za-z0-9][\w.-]{0,63}$/;

const KeyEntry = Type.Object(
  {
    name: Type.String(),
    sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
    role: Type.Enum([...roleNames]),
    signature: Type.Enum([...signatureDemands]),
    created: Type.Optional(Type.String()),
    expires: Type.Union([Type.String(), Type.Null()]),
  },
  { additionalProperties: false },
);

const KeyFile = Type.Object(
  { keys: Type.Array(KeyEntry, { maxItems: 1000 }) },
  { additionalProperties: false },
);

/** The content of a key file. */
export type KeyFile = Static<typeof KeyFile>;

const validator = Compile(KeyFile);

/** The keys of a file, or the reason why the file is invalid. */
export type ParsedKeyFile = { readonly keys: readonly StoredKey[] } | { readonly problem: string };

/** Returns the reason why a text is not a valid name of a key; null if it is. */
export function problemOfKeyName(name: string): string | null {
  if (name === unnamedKey) return `the name "${unnamedKey}" is reserved for the key in API_KEY`;
  return keyName.test(name)
    ? null
    : `"${name.slice(0, 80)}" is not a name of 1 to 64 letters, digits, dots, hyphens or underscores that begins with a letter or digit`;
}

/** Parses a key file. Its entries contain no secrets, so problems may quote them. */
export function parseKeyFile(text: string): ParsedKeyFile {
  const content = readKeyFile(text);
  if ('problem' in content) return content;
  const keys: StoredKey[] = [];
  for (const { name, sha256, role, signature, expires } of content.file.keys) {
    const nameProblem = problemOfKeyName(name);
    if (nameProblem !== null) return { problem: nameProblem };
    const expiresAt = expires === null ? null : Date.parse(expires);
    if (Number.isNaN(expiresAt))
      return { problem: `"expires" of ${name} is not a time: "${String(expires)}"` };
    keys.push({ name, sha256, role, signature, expiresAt });
  }
  return { keys };
}

/** Reads a key file without interpreting its entries, so that one can be added. */
export function readKeyFile(text: string): { readonly file: KeyFile } | { readonly problem: string } {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return { problem: 'it is not JSON' };
  }
  if (validator.Check(content)) return { file: content };
  const [error] = validator.Errors(content);
  return { problem: `${error?.instancePath || 'its content'} ${error?.message ?? 'is invalid'}` };
}
