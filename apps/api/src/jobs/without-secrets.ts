import { commandOperation, type CommandName } from '@aether-v/types';

/** The part of a JSON schema that locates secrets. */
interface SecretSchema {
  readonly writeOnly?: boolean;
  readonly properties?: Readonly<Record<string, object>>;
  readonly items?: object;
  readonly anyOf?: readonly object[];
}

/**
 * Returns a value without the parts that its schema marks as `writeOnly` (JSON Schema Validation, 9.4): passwords and
 * the like, which must not be stored, compared or hashed.
 */
export function withoutSecrets(schema: object, value: unknown): unknown {
  const schemas = alternatives(schema);
  if (schemas.some(({ writeOnly = false }) => writeOnly)) return undefined;
  if (Array.isArray(value)) {
    const anyOf = schemas.flatMap(({ items }) => items ?? []);
    return value.map((item: unknown) => withoutSecrets({ anyOf }, item));
  }
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).flatMap(([name, part]: [string, unknown]) => {
    const anyOf = schemas.flatMap(({ properties }) => properties?.[name] ?? []);
    const bare = withoutSecrets({ anyOf }, part);
    return bare === undefined ? [] : [[name, bare] as const];
  });
  return Object.fromEntries(kept);
}

/** Returns whether the request of a command contains secrets. */
export function hasSecrets(command: CommandName, request: unknown): boolean {
  const bare = withoutSecrets(commandOperation(command).request, request);
  // As JSON, because validated bodies have classes.
  return JSON.stringify(bare) !== JSON.stringify(request);
}

/** Returns a schema and all its alternatives. */
function alternatives(schema: SecretSchema): SecretSchema[] {
  return [schema, ...(schema.anyOf ?? []).flatMap(alternatives)];
}
