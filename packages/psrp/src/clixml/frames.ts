import type { Element } from './elements.ts';
import type { ProgressField } from './progress.ts';
import type { PsDictionary, PsObject, PsValue } from './values.ts';

/** Attributes of an element by name. */
export type Attributes = Readonly<Record<string, string>>;

/** Open element, by its allowed content. */
export type Frame =
  | { kind: 'empty' }
  | { kind: 'root' | 'sequence'; items: PsValue[] }
  | { kind: 'object'; object: PsObject }
  | { kind: 'type-names'; names: string[]; id: string | undefined }
  | { kind: 'adapted' | 'extended' | 'member-set'; members: Map<string, PsValue> }
  | { kind: 'dictionary'; entries: PsDictionary['entries'] }
  | { kind: 'entry'; entries: PsDictionary['entries']; key?: PsValue; value?: PsValue }
  | ProgressFrame;

/** Open progress record. */
export interface ProgressFrame {
  kind: 'progress';
  name: string;
  fields: Partial<Record<ProgressField, string>>;
  operation?: PsValue;
}

/** Element with text content. */
export type Leaf =
  Extract<Element, { parse: unknown } | { field: unknown }> | { kind: 'to-string'; object: PsObject };

/**
 * Returns the name under which a value may appear in a frame: the escaped name of a property, or an empty name if names
 * have no meaning there; undefined if the value is not allowed.
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

/** Adds a value to a frame that {@link valueName} allows it in. */
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
