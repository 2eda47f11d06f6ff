import type { TObject, TSchema } from 'typebox';
import { Check } from 'typebox/value';
import { isOption } from './record-fields.ts';

/** Options of a command: its simple fields by name. */
export type AuditOptions = Readonly<Record<string, string | number | boolean>>;

/** The maximum number of options in a record, and the maximum length of a text in UTF-16 code units. */
const maxOptions = 16;
const maxText = 64;

/**
 * Returns the valid fields of a command's body that are texts, numbers or booleans; null if there are none. Omits fields
 * for secrets (`writeOnly`). The handler, which runs later, refuses invalid bodies.
 */
export function auditOptions({ properties }: TObject, body: unknown): AuditOptions | null {
  if (typeof body !== 'object' || body === null) return null;
  const options = Object.entries(properties).flatMap(([name, schema]) => {
    const value: unknown = Object.hasOwn(body, name) ? Reflect.get(body, name) : undefined;
    return isOption(value) && !isSecret(schema) && Check(schema, value) ? [[name, cut(value)] as const] : [];
  });
  return options.length === 0 ? null : Object.fromEntries(options.slice(0, maxOptions));
}

function isSecret(schema: TSchema): boolean {
  return 'writeOnly' in schema && schema.writeOnly === true;
}

function cut<T>(value: T): T | string {
  return typeof value === 'string' && value.length > maxText ? `${value.slice(0, maxText - 1)}…` : value;
}
