import { oneOf } from '@aether-v/types';
import { Type, type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import type { ReportItem } from './guest-items.ts';

/** A guest's report at the end of an operation. */
export const GuestReport = Type.Object(
  {
    vm: Type.String({ pattern: '^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$' }),
    spki: Type.String({
      pattern: '^[A-Za-z0-9_-]{43}$',
      description: 'Digest of the key that opened the document.',
    }),
    result: oneOf(['done', 'failed']),
    code: Type.String({ pattern: '^(?:-|[a-zA-Z0-9]+(?:-[a-zA-Z0-9]+)*)$', maxLength: 64 }),
    itemsRemoved: Type.Boolean({ description: 'Whether the guest no longer saw the document in its items.' }),
    hostKeys: Type.Array(Type.String({ pattern: '^[a-z0-9-]{1,40} SHA256:[A-Za-z0-9+/]{43}$' }), {
      maxItems: 4,
      description: 'Fingerprints of the SSH host keys.',
    }),
  },
  { additionalProperties: false },
);

/** A guest's report at the end of an operation. */
export type GuestReport = Static<typeof GuestReport>;

const check = Compile(GuestReport);

/** Reads the JSON of a report. Returns null if it is not valid. Says nothing about its MAC. */
export function readReportContent({ content }: ReportItem): GuestReport | null {
  try {
    const value: unknown = JSON.parse(content.toString());
    return check.Check(value) ? value : null;
  } catch {
    return null;
  }
}
