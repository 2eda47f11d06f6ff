import { Type, type Static } from 'typebox';
import { Check } from 'typebox/value';
import { decodeOpaque, encodeOpaque } from '../../common/opaque-cursor.ts';
import { validationFailed } from '../../problems/problem-error.ts';

const Cursor = Type.Object(
  {
    source: Type.String({ pattern: '^[0-9a-f]{16}$' }),
    before: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  },
  { additionalProperties: false },
);

/** A place in the log: `before` is an offset in a file, or the number of a line in memory. */
export type Cursor = Static<typeof Cursor>;

/** Encodes a cursor. */
export function encodeCursor(cursor: Cursor): string {
  return encodeOpaque(cursor);
}

/** Decodes a cursor. @throws ProblemError for any other text. */
export function decodeCursor(text: string): Cursor {
  const content = decodeOpaque(text);
  if (Check(Cursor, content)) return content;
  throw validationFailed([{ field: 'cursor', message: 'is not a nextCursor of audit records' }]);
}
