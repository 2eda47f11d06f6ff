import { oneOf } from '@aether-v/types';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { hostNamePattern } from './host-name.ts';
import { networkProblems, NetworkSection } from './network.ts';

const strict = { additionalProperties: false };

/** Text without U+0000 and without lone surrogates, which a guest refuses. */
function text(maxLength: number, pattern: string, description: string) {
  return Type.String({ minLength: 1, maxLength, pattern, description });
}

const userName = text(32, '^[a-z_][a-z0-9_-]*$', 'The name of a Linux user.');
// One line of authorized_keys: a type, base64 and an optional comment. Options before the type are not supported.
const authorizedKey = text(
  8192,
  '^(?:ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/]+={0,2}(?: [^\\u0000-\\u001f\\u007f]*)?$',
  'A line of authorized_keys.',
);

const User = Type.Object(
  {
    name: userName,
    passwordHash: Type.Optional(
      text(256, '^\\$[0-9a-z]+\\$[A-Za-z0-9./$=,-]+$', 'A password hash of crypt(3).'),
    ),
    sudo: Type.Optional(oneOf(['none', 'password', 'without-password'])),
    shell: Type.Optional(text(128, '^/[A-Za-z0-9/._-]+$', 'The path of the shell.')),
    groups: Type.Optional(Type.Array(userName, { maxItems: 16, description: 'Existing groups.' })),
  },
  strict,
);

const SshKeys = Type.Object(
  { user: userName, keys: Type.Array(authorizedKey, { minItems: 1, maxItems: 32 }) },
  strict,
);

const Script = Type.Object(
  {
    name: text(64, '^[a-z0-9][a-z0-9-]*$', 'Names the script in errors; unique.'),
    content: text(32_768, '^[^\\u0000]*$', 'Run by /bin/sh as root.'),
  },
  strict,
);

const sections = {
  hostname: Type.Optional(text(253, hostNamePattern, 'The host name, or a fully qualified name.')),
  network: Type.Optional(NetworkSection),
  users: Type.Optional(Type.Array(User, { minItems: 1, maxItems: 32 })),
  sshKeys: Type.Optional(Type.Array(SshKeys, { minItems: 1, maxItems: 32 })),
  scripts: Type.Optional(Type.Array(Script, { minItems: 1, maxItems: 16 })),
};

/** The sections of a document, without the fields that sealing adds. */
export const DocumentSections = Type.Object(sections, strict);

/** A document as a guest opens it. */
export const ProvisioningDocument = Type.Object(
  {
    version: Type.Literal(1),
    reportKey: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$', description: 'base64url of 32 random bytes.' }),
    ...sections,
  },
  strict,
);

/** The sections of a document, without the fields that sealing adds. */
export type DocumentSections = Static<typeof DocumentSections>;
/** A document as a guest opens it. */
export type ProvisioningDocument = Static<typeof ProvisioningDocument>;
/** The name of a section. */
export type SectionName = keyof typeof sections;

/** The names of the sections, in the order in which a guest applies them. */
export const sectionNames = [
  'hostname',
  'network',
  'users',
  'sshKeys',
  'scripts',
] as const satisfies readonly SectionName[];

const sectionsCheck = Compile(DocumentSections);
const documentCheck = Compile(ProvisioningDocument);

/** Returns the paths of the fields that are invalid, without their values; empty if the sections are valid. */
export function documentProblems(value: unknown): string[] {
  const problems = sectionsCheck.Check(value)
    ? [...repeatedNames(value), ...(value.network === undefined ? [] : networkProblems(value.network))]
    : [...sectionsCheck.Errors(value)].map(({ instancePath }) => instancePath || '/');
  return [...new Set(isWellFormed(value) ? problems : [...problems, '/'])];
}

/** Returns whether a guest may accept this document. */
export function isDocument(value: unknown): value is ProvisioningDocument {
  return documentCheck.Check(value) && isWellFormed(value);
}

function repeatedNames({ users = [], sshKeys = [], scripts = [] }: DocumentSections): string[] {
  const repeated = (path: string, names: readonly string[]): string[] =>
    names.flatMap((name, index) => (names.indexOf(name) < index ? [`/${path}/${index}`] : []));
  return [
    ...repeated(
      'users',
      users.map(({ name }) => name),
    ),
    ...repeated(
      'sshKeys',
      sshKeys.map(({ user }) => user),
    ),
    ...repeated(
      'scripts',
      scripts.map(({ name }) => name),
    ),
  ];
}

/** Returns whether no text in the value has a lone surrogate: UTF-8 cannot encode it. */
function isWellFormed(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  return typeof value !== 'object' || value === null || Object.values(value).every(isWellFormed);
}
