import { parseXml, type XmlElement } from '../../src/wsman/index.ts';

/** What an XML document says, whatever its prefixes, attribute order and indentation. */
export interface Meaning {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: string | readonly Meaning[];
}

export function meaning(source: string | XmlElement): Meaning {
  const element = typeof source === 'string' ? parseXml(source) : source;
  return {
    name: `{${element.ns}}${element.name}`,
    attributes: Object.fromEntries([...element.attributes].sort(([a], [b]) => (a < b ? -1 : 1))),
    content: element.children.length > 0 ? element.children.map((child) => meaning(child)) : element.text,
  };
}

/** The part of a document below `s:Body`, or the header's part of that local name. */
export function bodyMeaning(envelope: string): Meaning | undefined {
  const body = parseXml(envelope).children.find(({ name }) => name === 'Body')?.children[0];
  return body === undefined ? undefined : meaning(body);
}

export function headerMeaning(envelope: string): readonly Meaning[] {
  return (parseXml(envelope).children.find(({ name }) => name === 'Header')?.children ?? []).map((child) =>
    meaning(child),
  );
}
