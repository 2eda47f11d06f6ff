import { unescapeText } from './escape.ts';
import { readBase64 } from './lexical.ts';
import { readInteger, readLong } from './numbers.ts';
import { progressFields, type ProgressField } from './progress.ts';
import { parseScalar, scalarCodecs } from './scalars.ts';
import type { PsPrimitive, PsSequenceKind } from './values.ts';

/** Role of a CLIXML element for the reader. */
export type Element =
  /** Primitive with text content. */
  | { kind: 'scalar'; parse: (text: string) => PsPrimitive | undefined }
  | { kind: 'sequence'; sequence: PsSequenceKind }
  /**
   * Text that is not a value: a type name (also a field of a progress record), or another field of a progress record.
   */
  | { kind: 'type-name' | 'progress-field'; field: ProgressField }
  | { kind: PlainKind };

type PlainKind =
  | 'null'
  | 'reference'
  | 'object'
  | 'type-names'
  | 'type-names-reference'
  | 'to-string'
  | 'adapted'
  | 'extended'
  | 'dictionary'
  | 'entry'
  | 'progress'
  | 'wrapper';

const plain = {
  Nil: 'null',
  Ref: 'reference',
  Obj: 'object',
  TN: 'type-names',
  TNRef: 'type-names-reference',
  ToString: 'to-string',
  Props: 'adapted',
  MS: 'extended',
  DCT: 'dictionary',
  En: 'entry',
  PR: 'progress',
  Objs: 'wrapper',
} as const satisfies Record<string, PlainKind>;

const natural: Record<string, (text: string) => PsPrimitive | undefined> = {
  S: unescapeText,
  B: readBoolean,
  I32: (text) => readInteger(text, -2_147_483_648, 2_147_483_647),
  I64: (text) => readLong(text, -(2n ** 63n), 2n ** 63n - 1n),
  BA: readBase64,
};

/** CLIXML elements by name (MS-PSRP 2.2.5). */
export const elements: ReadonlyMap<string, Element> = new Map<string, Element>([
  ...mapRecord(natural, (_tag, parse): Element => ({ kind: 'scalar', parse })),
  ...mapRecord(scalarCodecs, (tag): Element => ({ kind: 'scalar', parse: (text) => parseScalar(tag, text) })),
  ...mapRecord({ LST: true, IE: true, STK: true, QUE: true }, (sequence): Element => ({
    kind: 'sequence',
    sequence,
  })),
  ...mapRecord(progressFields, (field): Element => ({
    kind: field === 'T' ? 'type-name' : 'progress-field',
    field,
  })),
  ...mapRecord(plain, (_tag, kind): Element => ({ kind })),
]);

function mapRecord<Key extends string, Value>(
  record: Readonly<Record<Key, Value>>,
  toElement: (key: Key, value: Value) => Element,
): [string, Element][] {
  const keys = Object.keys(record) as Key[];
  return keys.map((key) => [key, toElement(key, record[key])]);
}

function readBoolean(text: string): boolean | undefined {
  switch (text.length > 32 ? '' : text.trim()) {
    case 'true':
    case '1':
      return true;
    case 'false':
    case '0':
      return false;
    default:
      return undefined;
  }
}
