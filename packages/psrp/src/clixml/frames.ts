import type { Element } from './elements.ts';
import type { ProgressField } from './progress.ts';
import type { PsDictionary, PsObject, PsValue } from './values.ts';

/** Attributes of an element by their names. */
export type Attributes = Readonly<Record<string, string>>;

/** An element whose end has not been seen, by what may stand in it. */
export type Frame =
  | { kind: 'empty' }
  | { kind: 'root' | 'sequence'; items: PsValue[] }
  | { kind: 'object'; object: PsObject }
  | { kind: 'type-names'; names: string[]; id: string | undefined }
  | { kind: 'adapted' | 'extended' | 'member-set'; members: Map<string, PsValue> }
  | { kind: 'dictionary'; entries: PsDictionary['entries'] }
  | { kind: 'entry'; entries: PsDictionary['entries']; key?: PsValue; value?: PsValue }
  | ProgressFrame;

/** A progress record. */
export interface ProgressFrame {
  kind: 'progress';
  name: string;
  fields: Partial<Record<ProgressField, string>>;
  operation?: PsValue;
}

/** An element whose content is one text. */
export type Leaf =
  Extract<Element, { parse: unknown } | { field: unknown }> | { kind: 'to-string'; object: PsObject };

/**
 * By what name a value's element may stand in a frame: that of a property, still escaped, or an empty one where names mean nothing.
 * Undefined if it may not.
 */
export function valueName(frame: Frame, tag: string, attributes: Attributes): string | undefined {
  switch (frame.kind) {
    case 'adapted':
    case 'extended':
    case 'member-set':
      return attributes['N'];
    case 'root':
    case 'sequence':
      return '';
    case 'object':
      return frame.object.base === undefined && tag !== 'Nil' && tag !== 'Ref' ? '' : undefined;
    case 'entry': {
      const expected = frame.key === undefined ? 'key' : frame.value === undefined ? 'value' : undefined;
      if (expected === 'key' && tag === 'Nil') return undefined;
      return expected !== undefined && attributes['N']?.toLowerCase() === expected ? '' : undefined;
    }
    case 'progress':
      return frame.operation === undefined && (tag === 'S' || tag === 'Nil') ? '' : undefined;
    default:
      return undefined;
  }
}

/** Puts a value into a frame that {@link valueName} allowed it in. */
export function putValue(frame: Frame, value: PsValue, name: string): void {
  switch (frame.kind) {
    case 'adapted':
    case 'extended':
    case 'member-set':
      frame.members.set(name, value);
      return;
    case 'root':
    case 'sequence':
      frame.items.push(value);
      return;
    case 'object':
      if (value !== null) frame.object.base = value;
      return;
    case 'entry':
      if (frame.key === undefined) frame.key = value;
      else frame.value = value;
      return;
    case 'progress':
      frame.operation = value;
      return;
    default:
  }
}
