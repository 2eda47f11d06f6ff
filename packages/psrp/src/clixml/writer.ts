import { checkOptions, rules, type OptionRules } from '../options.ts';
import { ClixmlError } from './errors.ts';
import { escapeAttribute, escapeText } from './escape.ts';
import { formatScalar } from './scalars.ts';
import {
  PsDictionary,
  PsMemberSet,
  PsObject,
  PsScalar,
  PsSequence,
  type AnyPsScalar,
  type PsPrimitive,
  type PsProgress,
  type PsProperties,
  type PsValue,
} from './values.ts';

/** Options of {@link writeClixml}. */
export interface WriteOptions {
  /**
   * Wraps the values in `<Objs>`, as `PSSerializer.Serialize` and Export-Clixml do. Default false, as in PSRP payloads.
   */
  wrapper?: boolean;
  /** Maximum number of levels. Default {@link maxWrittenDepth}. */
  maxDepth?: number;
}

const valuesRules = { values: rules.list };

const writeRules: OptionRules<WriteOptions> = { wrapper: rules.flag, maxDepth: rules.size };

/**
 * Number of levels that PowerShell reads (MaxDepthBelowTopLevel of its deserializer): a list in a list with a number in
 * it has three. Member sets and the primitive of an enum do not count.
 */
export const maxWrittenDepth = 49;

const wrapperStart = '<Objs Version="1.1.0.1" xmlns="http://schemas.microsoft.com/powershell/2004/04">';

/**
 * Writes values as PowerShell does: one element after the other, without white space. References are numbered across
 * all `values`.
 *
 * @throws {ClixmlError} `invalid-value` if a value is outside the range of its CLIXML type, for example a number that
 * is not   an Int32 or a bigint that is not an Int64; `too-deep` if the values have too many levels.
 * @throws {OptionError} if `values` is not an array, or an option is unusable.
 */
export function writeClixml(values: readonly PsValue[], options: WriteOptions = {}): string {
  checkOptions({ values }, valuesRules, ['values']);
  checkOptions(options, writeRules);
  const writer = new Writer(options.maxDepth ?? maxWrittenDepth);
  for (const value of values) writer.value(value, '');
  return options.wrapper === true ? `${wrapperStart}${writer.text}</Objs>` : writer.text;
}

class Writer {
  text = '';
  readonly #maxDepth: number;
  #depth = 0;
  #memberSets = 0;
  readonly #objectIds = new Map<PsObject, number>();
  /** By list, so that a shared list is found without looking at its names; then by the names themselves. */
  readonly #typeNameIds = new Map<readonly string[], number>();
  readonly #typeNameIdsByText = new Map<string, number>();
  readonly #nameAttributes = new Map<string, string>();

  constructor(maxDepth: number) {
    this.#maxDepth = maxDepth;
  }

  /** @param name the name attribute with the space before it, or nothing. */
  value(value: PsValue, name: string): void {
    this.#enter();
    if (value === null) this.text += `<Nil${name} />`;
    else if (value instanceof PsObject) this.#object(value, name);
    else this.#primitive(value, name);
    this.#depth--;
  }

  #primitive(value: PsPrimitive, name: string): void {
    switch (typeof value) {
      case 'string':
        this.text += `<S${name}>${escapeText(value)}</S>`;
        return;
      case 'number':
        if ((value | 0) !== value) throw invalid('I32', value);
        this.text += `<I32${name}>${value}</I32>`;
        return;
      case 'boolean':
        this.text += `<B${name}>${value}</B>`;
        return;
      case 'bigint':
        if (BigInt.asIntN(64, value) !== value) throw invalid('I64', value);
        this.text += `<I64${name}>${value}</I64>`;
        return;
      default:
        if (value instanceof PsScalar) this.#scalar(value, name);
        else this.text += `<BA${name}>${base64(value)}</BA>`;
    }
  }

  #scalar(scalar: AnyPsScalar, name: string): void {
    const { tag } = scalar;
    if (tag === 'PR') {
      this.#progress(scalar.value, name);
      return;
    }
    const content = formatScalar(tag, scalar.value);
    if (content === undefined) throw invalid(tag, scalar.value);
    this.text += `<${tag}${name}>${content}</${tag}>`;
  }

  #progress(record: PsProgress, name: string): void {
    this.text += `<PR${name}>`;
    this.#textElement('AV', record.activity);
    this.#textElement('AI', int32(record.activityId));
    this.value(record.currentOperation, '');
    this.#textElement('PI', int32(record.parentActivityId));
    this.#textElement('PC', int32(record.percentComplete));
    this.#textElement('T', record.type);
    this.#textElement('SR', int32(record.secondsRemaining));
    this.#textElement('SD', record.statusDescription);
    this.text += '</PR>';
  }

  #object(value: PsObject, name: string): void {
    if (value instanceof PsMemberSet) {
      throw new ClixmlError('invalid-value', 'A member set can only be an extended property');
    }
    const known = this.#objectIds.get(value);
    if (known !== undefined) {
      this.text += `<Ref${name} RefId="${known}" />`;
      return;
    }
    this.text += `<Obj${name} RefId="${this.#objectIds.size}">`;
    this.#objectIds.set(value, this.#objectIds.size);
    if (value.typeNames.length > 0) this.#typeNames(value.typeNames);
    if (value.toStringText !== undefined) this.#textElement('ToString', value.toStringText);
    if (value.base !== undefined) this.#base(value.base);
    if (value.adapted.size > 0) {
      this.text += '<Props>';
      for (const [key, item] of value.adapted) this.value(item, this.#nameAttribute(key));
      this.text += '</Props>';
    }
    if (value.extended.size > 0) {
      this.text += '<MS>';
      this.#members(value.extended);
      this.text += '</MS>';
    }
    this.text += '</Obj>';
  }

  #members(members: PsProperties): void {
    for (const [key, item] of members) {
      if (item instanceof PsMemberSet) {
        this.#memberSets++;
        if (this.#memberSets > this.#maxDepth) throw this.#tooDeep();
        this.text += `<MS${this.#nameAttribute(key)}>`;
        this.#members(item.extended);
        this.text += '</MS>';
        this.#memberSets--;
      } else this.value(item, this.#nameAttribute(key));
    }
  }

  #base(base: PsPrimitive | PsSequence | PsDictionary | PsObject): void {
    if (base instanceof PsSequence) {
      if (base.items.length === 0) this.text += `<${base.kind} />`;
      else {
        this.text += `<${base.kind}>`;
        for (const item of base.items) this.value(item, '');
        this.text += `</${base.kind}>`;
      }
    } else if (base instanceof PsDictionary) this.#dictionary(base);
    else if (base instanceof PsObject) {
      if (this.#objectIds.has(base)) {
        throw new ClixmlError(
          'invalid-value',
          'PowerShell does not support a reference as the base of an object',
        );
      }
      this.value(base, '');
    } else this.#primitive(base, '');
  }

  #dictionary({ entries }: PsDictionary): void {
    if (entries.length === 0) {
      this.text += '<DCT />';
      return;
    }
    this.text += '<DCT>';
    for (const [key, item] of entries) {
      if (key === null) throw new ClixmlError('invalid-value', 'A dictionary key cannot be null');
      this.text += '<En>';
      this.value(key, ' N="Key"');
      this.value(item, ' N="Value"');
      this.text += '</En>';
    }
    this.text += '</DCT>';
  }

  #typeNames(names: readonly string[]): void {
    let id = this.#typeNameIds.get(names);
    if (id === undefined) {
      const text = names.map((name) => `<T>${escapeText(name)}</T>`).join('');
      id = this.#typeNameIdsByText.get(text);
      if (id === undefined) {
        id = this.#typeNameIdsByText.size;
        this.#typeNameIdsByText.set(text, id);
        this.#typeNameIds.set(names, id);
        this.text += `<TN RefId="${id}">${text}</TN>`;
        return;
      }
      this.#typeNameIds.set(names, id);
    }
    this.text += `<TNRef RefId="${id}" />`;
  }

  /** Unlike a primitive, an element of these kinds is written as empty when its text is. */
  #textElement(tag: string, text: string): void {
    this.text += text === '' ? `<${tag} />` : `<${tag}>${escapeText(text)}</${tag}>`;
  }

  #nameAttribute(name: string): string {
    let attribute = this.#nameAttributes.get(name);
    if (attribute === undefined) {
      attribute = ` N="${escapeAttribute(name)}"`;
      this.#nameAttributes.set(name, attribute);
    }
    return attribute;
  }

  #enter(): void {
    this.#depth++;
    if (this.#depth > this.#maxDepth) throw this.#tooDeep();
  }

  #tooDeep(): ClixmlError {
    return new ClixmlError('too-deep', `The value has more than ${this.#maxDepth} levels`);
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

function int32(value: number): string {
  if ((value | 0) !== value) throw invalid('I32', value);
  return String(value);
}

function invalid(tag: string, value: unknown): ClixmlError {
  return new ClixmlError('invalid-value', `${String(value).slice(0, 100)} is not a valid <${tag}>`);
}
