import { createHash } from 'node:crypto';
import { SealError } from './errors.ts';
import { chunkName, itemLimits, itemNames, protocolVersion, type Item, type Items } from './items.ts';

/** A document that always fits has at most this many bytes of JSON. */
export const maxDocumentBytes = 40_000;

/** The items of one sealed text. They are written in this order: the manifest last. */
export function toItems(sealed: string, generation: number): Item[] {
  const count = Math.ceil(sealed.length / itemLimits.valueLength);
  if (count > itemLimits.chunks) {
    throw new SealError('document-too-large', `The document has more than ${maxDocumentBytes} bytes.`);
  }
  const chunks = Array.from({ length: count }, (_, index) => ({
    name: chunkName(generation, index),
    value: sealed.slice(index * itemLimits.valueLength, (index + 1) * itemLimits.valueLength),
  }));
  const manifest = [protocolVersion, generation, count, sha256(sealed)].join(' ');
  return [...chunks, { name: itemNames.manifest, value: manifest }];
}

/** Returns the names of all chunks and manifests that the service may have written. The manifest is removed first. */
export function documentItemNames(items: readonly Item[]): string[] {
  const names = items.map(({ name }) => name);
  return [
    ...names.filter((name) => name === itemNames.manifest),
    ...names.filter((name) => name !== itemNames.manifest),
  ];
}

/** The state of the host items, as a guest sees them. */
export type Gathered =
  { readonly kind: 'incomplete' } | { readonly kind: 'refused'; readonly code: 'version' } | SealedText;

/** A complete sealed text whose digest matches. */
export interface SealedText {
  readonly kind: 'complete';
  readonly text: string;
}

const manifestPattern = /^1 ([1-9][0-9]{0,8}) ([1-9]|[1-5][0-9]|6[0-2]) ([0-9a-f]{64})$/;
const otherVersionPattern = /^(?!1 )[1-9][0-9]{0,8} [!-~]+(?: [!-~]+)*$/;

/** Reads the sealed text from host items, as a guest does. */
export function gatherSealedText(items: Items): Gathered {
  const manifest = items.get(itemNames.manifest) ?? '';
  if (otherVersionPattern.test(manifest)) return { kind: 'refused', code: 'version' };
  const [, generation, count, digest] = manifestPattern.exec(manifest) ?? [];
  const chunks = Array.from({ length: Number(count ?? 0) }, (_, index) =>
    items.get(chunkName(Number(generation), index)),
  );
  const text = chunks.every((chunk) => chunk !== undefined) ? chunks.join('') : '';
  return text !== '' && sha256(text) === digest ? { kind: 'complete', text } : { kind: 'incomplete' };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
