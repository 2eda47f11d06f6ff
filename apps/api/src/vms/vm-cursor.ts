import { oneOf, vmSorts, type VmSort } from '@aether-v/types';
import { Type } from 'typebox';
import { Check } from 'typebox/value';
import type { Principal } from '../auth/principal.ts';
import { readerDigest } from '../auth/reader-digest.ts';
import { decodeOpaque, encodeOpaque } from '../common/opaque-cursor.ts';
import type { Place } from '../inventory/vm-order.ts';
import { validationFailed } from '../problems/problem-error.ts';

const Cursor = Type.Object(
  {
    sort: oneOf(vmSorts),
    value: Type.Union([Type.String(), Type.Number(), Type.Null()]),
    name: Type.String(),
    id: Type.String(),
    // The principal that may use the cursor: it contains a name and values that others may not see.
    reader: Type.String(),
  },
  { additionalProperties: false },
);

/** Encodes a principal's cursor after this place. Unlike a position, a place does not shift with changes before it. */
export function encodeCursor(sort: VmSort, place: Place, principal: Principal): string {
  return encodeOpaque({ sort, ...place, reader: readerDigest(principal) });
}

/** Decodes the place of a principal's cursor of a list with this order. @throws ProblemError for any other text. */
export function decodeCursor(cursor: string, sort: VmSort, principal: Principal): Place {
  const content = decodeOpaque(cursor);
  if (!Check(Cursor, content)) {
    throw validationFailed([{ field: 'cursor', message: 'is not a nextCursor of this list' }]);
  }
  if (content.reader !== readerDigest(principal)) {
    throw validationFailed([
      {
        field: 'cursor',
        message: 'belongs to another caller, or your permissions have changed. Start again without it',
      },
    ]);
  }
  if (content.sort !== sort) {
    throw validationFailed([{ field: 'cursor', message: `belongs to a list sorted by ${content.sort}` }]);
  }
  return { value: content.value, name: content.name, id: content.id };
}
