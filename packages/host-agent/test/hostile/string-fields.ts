type Schema = Readonly<Record<string, unknown>>;

/** Where a text is within a value: names of properties, and `*` for the items of a list. */
export type FieldPath = readonly string[];

/** Every place of a schema that may hold a text. */
export function stringFields(schema: unknown, path: FieldPath = []): readonly FieldPath[] {
  const { type, anyOf, properties, items } = schema as Schema;
  const within = Object.entries((properties ?? {}) as Schema);
  const found = [
    ...(type === 'string' ? [path] : []),
    ...((anyOf ?? []) as readonly unknown[]).flatMap((one) => stringFields(one, path)),
    ...within.flatMap(([name, one]) => stringFields(one, [...path, name])),
    ...(items === undefined ? [] : stringFields(items, [...path, '*'])),
  ];
  return [...new Map(found.map((one) => [one.join('/'), one])).values()];
}

/** The value with a text in this place: in the first item of a list that has it, or a new one. */
export function withText(value: unknown, [name, ...rest]: FieldPath, text: string): unknown {
  if (name === undefined) return text;
  if (name === '*') {
    const list = Array.isArray(value) ? (value as readonly unknown[]) : [];
    const [next] = rest;
    const has = (item: unknown): boolean => typeof item === 'object' && item !== null && (next ?? '') in item;
    const index = Math.max(0, list.findIndex(has));
    return [...list.slice(0, index), withText(list[index], rest, text), ...list.slice(index + 1)];
  }
  const held = typeof value === 'object' && value !== null ? (value as Schema) : {};
  return { ...held, [name]: withText(held[name], rest, text) };
}
