import { readFileSync } from 'node:fs';

/** What PowerShell said of one golden value. */
export interface Golden {
  file: string;
  what: string;
  typeNames: string[] | null;
  toString: string;
  deserialisedTypeNames: string[] | null;
  deserialisedJson: string | null;
  /** The file as it is. */
  text: string;
  /** The file without the white space that made it readable: none of it is within a value. */
  compact: string;
}

const directory = new URL('../../../testdata/golden/clixml/', import.meta.url);

type Manifest = Omit<Golden, 'text' | 'compact'>[];

export const goldens: Golden[] = (
  JSON.parse(readFileSync(new URL('manifest.json', directory), 'utf8')) as Manifest
).map((entry) => {
  const text = readFileSync(new URL(entry.file, directory), 'utf8');
  return { ...entry, text, compact: text.replace(/>\r?\n\s*</g, '><').trim() };
});
