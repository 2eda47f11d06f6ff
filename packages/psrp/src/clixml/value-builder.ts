import { elements, type Element } from './elements.ts';
import { ClixmlError, type ClixmlErrorCode } from './errors.ts';
import { unescapeText } from './escape.ts';
import { putValue, valueName, type Attributes, type Frame, type Leaf, type ProgressFrame } from './frames.ts';
import { parseProgress } from './progress.ts';
import { References } from './references.ts';
import { PsDictionary, PsMemberSet, PsObject, PsSequence, type PsValue } from './values.ts';

/**
 * Builds values from the events of an XML parser, and rejects misplaced elements. Memory grows at most linearly with
 * the text, because references share their referents.
 */
export class ValueBuilder {
  readonly values: PsValue[] = [];
  readonly #source: { readonly position: number };
  readonly #maxDepth: number;
  readonly #frames: Frame[] = [];
  readonly #objects = new References<PsObject>();
  readonly #typeNames = new References<string[]>();
  /** Interned property names: the same names recur, and shared strings reduce memory and garbage collection. */
  readonly #propertyNames = new Map<string, string>();
  #frame: Frame = { kind: 'root', items: this.values };
  #depth = 0;
  #leaf: Leaf | undefined;
  /** Name and text of the leaf. */
  #name = '';
  #text = '';

  constructor(source: { readonly position: number }, maxDepth: number) {
    this.#source = source;
    this.#maxDepth = maxDepth;
  }

  /** Handles a start tag. */
  open(tag: string, attributes: Attributes): void {
    const element = elements.get(tag);
    if (element === undefined || this.#leaf !== undefined) throw this.#misplaced(tag);
    switch (element.kind) {
      case 'scalar':
        this.#name = this.#expectValue(tag, attributes);
        this.#leaf = element;
        return;
      case 'object':
        this.#openObject(this.#expectValue(tag, attributes), attributes);
        return;
      case 'null':
      case 'reference': {
        const name = this.#expectValue(tag, attributes);
        putValue(
          this.#frame,
          element.kind === 'null' ? null : this.#resolve(this.#objects, attributes),
          name,
        );
        this.#push({ kind: 'empty' });
        return;
      }
      case 'progress':
        this.#push({ kind: 'progress', name: this.#expectValue(tag, attributes), fields: {} });
        return;
      default:
        this.#openPart(element, tag, attributes);
    }
  }

  /** Handles text between tags. Consecutive calls are one text. */
  text(text: string): void {
    if (this.#leaf !== undefined) this.#text = this.#text === '' ? text : this.#text + text;
    else if (/[^ \t\r\n]/.test(text)) throw this.#error('unexpected-element', 'Text out of place');
  }

  /** Handles an end tag. */
  close(): void {
    const leaf = this.#leaf;
    if (leaf !== undefined) {
      this.#leaf = undefined;
      this.#closeLeaf(leaf);
      this.#text = '';
      return;
    }
    const frame = this.#frame;
    this.#frame = this.#frames.pop() ?? { kind: 'empty' };
    switch (frame.kind) {
      case 'object':
      case 'member-set':
        this.#depth--;
        return;
      case 'type-names':
        if (frame.id !== undefined) this.#typeNames.set(frame.id, frame.names);
        return;
      case 'entry':
        if (frame.key === undefined || frame.value === undefined) {
          throw this.#error('unexpected-element', 'A dictionary entry without key or value');
        }
        frame.entries.push([frame.key, frame.value]);
        return;
      case 'progress':
        this.#closeProgress(frame);
        return;
      default:
    }
  }

  #openObject(name: string, attributes: Attributes): void {
    this.#enter();
    const object = new PsObject();
    if (attributes['RefId'] !== undefined) this.#objects.set(attributes['RefId'], object);
    putValue(this.#frame, object, name);
    this.#push({ kind: 'object', object });
  }

  /** Handles elements that are not values themselves. */
  #openPart(element: Element, tag: string, attributes: Attributes): void {
    const frame = this.#frame;
    if (element.kind === 'wrapper' && frame.kind === 'root') this.#openWrapper(tag, attributes);
    else if (element.kind === 'entry' && frame.kind === 'dictionary') {
      this.#push({ kind: 'entry', entries: frame.entries });
    } else if (element.kind === 'type-name' && (frame.kind === 'type-names' || frame.kind === 'progress')) {
      this.#leaf = element;
    } else if (element.kind === 'progress-field' && frame.kind === 'progress') this.#leaf = element;
    else if (element.kind === 'extended' && (frame.kind === 'extended' || frame.kind === 'member-set')) {
      this.#openMemberSet(frame.members, this.#expectValue(tag, attributes));
    } else if (frame.kind === 'object') this.#openObjectPart(frame.object, element, tag, attributes);
    else throw this.#misplaced(tag);
  }

  #openObjectPart(object: PsObject, element: Element, tag: string, attributes: Attributes): void {
    switch (element.kind) {
      case 'type-names': {
        const names: string[] = [];
        object.typeNames = names;
        this.#push({ kind: 'type-names', names, id: attributes['RefId'] });
        return;
      }
      case 'type-names-reference':
        object.typeNames = this.#resolve(this.#typeNames, attributes);
        this.#push({ kind: 'empty' });
        return;
      case 'to-string':
        this.#leaf = { kind: 'to-string', object };
        return;
      case 'adapted':
      case 'extended': {
        if (object[element.kind].size > 0) throw this.#misplaced(tag);
        const members = new Map<string, PsValue>();
        object[element.kind] = members;
        this.#push({ kind: element.kind, members });
        return;
      }
      case 'sequence': {
        const items: PsValue[] = [];
        this.#setBase(object, new PsSequence(element.sequence, items), tag);
        this.#push({ kind: 'sequence', items });
        return;
      }
      case 'dictionary': {
        const entries: PsDictionary['entries'] = [];
        this.#setBase(object, new PsDictionary(entries), tag);
        this.#push({ kind: 'dictionary', entries });
        return;
      }
      default:
        throw this.#misplaced(tag);
    }
  }

  #openWrapper(tag: string, attributes: Attributes): void {
    if (this.values.length > 0) throw this.#misplaced(tag);
    const version = attributes['Version'];
    if (version !== undefined && !/^1\.\d/.test(version)) {
      throw this.#error('unexpected-element', 'The version of the format is not 1.x');
    }
    // Nothing may follow the wrapper.
    this.#frame = { kind: 'empty' };
    this.#push({ kind: 'sequence', items: this.values });
  }

  #openMemberSet(parent: Map<string, PsValue>, name: string): void {
    this.#enter();
    const members = new Map<string, PsValue>();
    parent.set(name, new PsMemberSet(members));
    this.#push({ kind: 'member-set', members });
  }

  #closeLeaf(leaf: Leaf): void {
    const text = this.#text;
    const frame = this.#frame;
    if (leaf.kind === 'scalar') {
      const value = leaf.parse(text);
      if (value === undefined)
        throw this.#error('invalid-value', `Not a value of its type: ${excerpt(text)}`);
      putValue(this.#frame, value, this.#name);
    } else if (leaf.kind === 'to-string') leaf.object.toStringText = unescapeText(text);
    else if (frame.kind === 'type-names') frame.names.push(unescapeText(text));
    else if (frame.kind === 'progress') frame.fields[leaf.field] = text;
  }

  #closeProgress(frame: ProgressFrame): void {
    const { operation = null } = frame;
    const record = operation === null || typeof operation === 'string' ? operation : undefined;
    const progress = record === undefined ? undefined : parseProgress(frame.fields, record);
    if (progress === undefined) throw this.#error('invalid-value', 'Not a progress record');
    putValue(this.#frame, progress, frame.name);
  }

  #expectValue(tag: string, attributes: Attributes): string {
    const name = valueName(this.#frame, tag, attributes);
    if (name === undefined) throw this.#misplaced(tag);
    if (name === '') return name;
    const known = this.#propertyNames.get(name);
    if (known !== undefined) return known;
    const decoded = unescapeText(name);
    this.#propertyNames.set(name, decoded);
    return decoded;
  }

  #setBase(object: PsObject, base: PsSequence | PsDictionary, tag: string): void {
    if (object.base !== undefined) throw this.#misplaced(tag);
    object.base = base;
  }

  #resolve<Referent>(known: References<Referent>, attributes: Attributes): Referent {
    const referent = known.get(attributes['RefId'] ?? '');
    if (referent === undefined) {
      throw this.#error(
        'unknown-reference',
        `No object has the reference id ${excerpt(attributes['RefId'] ?? '')}`,
      );
    }
    return referent;
  }

  #push(frame: Frame): void {
    this.#frames.push(this.#frame);
    this.#frame = frame;
  }

  #enter(): void {
    this.#depth++;
    if (this.#depth > this.#maxDepth) {
      throw this.#error('too-deep', `Objects are nested deeper than ${this.#maxDepth} levels`);
    }
  }

  #misplaced(tag: string): ClixmlError {
    return this.#error('unexpected-element', `<${excerpt(tag)}> is out of place`);
  }

  #error(code: ClixmlErrorCode, message: string): ClixmlError {
    return new ClixmlError(code, message, { position: this.#source.position });
  }
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
