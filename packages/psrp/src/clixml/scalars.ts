import { escapeText, unescapeText } from './escape.ts';
import { isDateTime, isDecimal, isDuration, isSecureText, isVersion, normalizeGuid } from './lexical.ts';
import { formatDouble, formatSingle, readDouble, readInteger, readLong } from './numbers.ts';
import { PsScalar, type AnyPsScalar, type PsScalarTag, type PsScalarValues } from './values.ts';

/** Tag of a primitive with text content: all but the progress record. */
export type TextScalarTag = Exclude<PsScalarTag, 'PR'>;

/** Codec of one tagged primitive (MS-PSRP 2.2.5.1). */
export interface ScalarCodec<Value> {
  readonly dotnetType: string;
  /** Parses the text of the element without markup; undefined if it is invalid for the type. */
  readonly parse: (text: string) => Value | undefined;
  /** Formats the content of the element with escaped markup; undefined if the value is invalid for the type. */
  readonly format: (value: Value) => string | undefined;
}

/** Codecs of the tagged primitives with text content. */
export const scalarCodecs: { readonly [Tag in TextScalarTag]: ScalarCodec<PsScalarValues[Tag]> } = {
  C: {
    dotnetType: 'System.Char',
    parse(text) {
      const code = readInteger(text, 0, 0xffff);
      return code === undefined ? undefined : String.fromCharCode(code);
    },
    format: (value) => (value.length === 1 ? String(value.charCodeAt(0)) : undefined),
  },
  By: integer('System.Byte', 0, 255),
  SB: integer('System.SByte', -128, 127),
  U16: integer('System.UInt16', 0, 65_535),
  I16: integer('System.Int16', -32_768, 32_767),
  U32: integer('System.UInt32', 0, 4_294_967_295),
  U64: {
    dotnetType: 'System.UInt64',
    parse: (text) => readLong(text, 0n, 2n ** 64n - 1n),
    format: (value) => (BigInt.asUintN(64, value) === value ? String(value) : undefined),
  },
  Sg: {
    dotnetType: 'System.Single',
    parse(text) {
      const value = readDouble(text);
      return value === undefined ? undefined : Math.fround(value);
    },
    format: formatSingle,
  },
  Db: { dotnetType: 'System.Double', parse: readDouble, format: formatDouble },
  D: lexical('System.Decimal', isDecimal),
  DT: lexical('System.DateTime', isDateTime),
  TS: lexical('System.TimeSpan', isDuration),
  G: { dotnetType: 'System.Guid', parse: normalizeGuid, format: normalizeGuid },
  URI: escaped('System.Uri'),
  Version: lexical('System.Version', isVersion),
  XD: escaped('System.Xml.XmlDocument'),
  SBK: escaped('System.Management.Automation.ScriptBlock'),
  SS: lexical('System.Security.SecureString', isSecureText),
};

/** Parses a tagged primitive from the text of its element; undefined if the text is invalid for the type. */
export function parseScalar(tag: TextScalarTag, text: string): AnyPsScalar | undefined {
  const value = scalarCodecs[tag].parse(text);
  // The value comes from the codec of this tag, which the type of a table lookup cannot express.
  return value === undefined ? undefined : (new PsScalar(tag, value) as AnyPsScalar);
}

/** Formats the element content of a tagged primitive; undefined if the value is invalid for the type. */
export function formatScalar<Tag extends TextScalarTag>(
  tag: Tag,
  value: PsScalarValues[Tag],
): string | undefined {
  return scalarCodecs[tag].format(value);
}

function integer(dotnetType: string, least: number, greatest: number): ScalarCodec<number> {
  return {
    dotnetType,
    parse: (text) => readInteger(text, least, greatest),
    format: (value) =>
      Number.isInteger(value) && value >= least && value <= greatest ? String(value) : undefined,
  };
}

function lexical(dotnetType: string, isValid: (text: string) => boolean): ScalarCodec<string> {
  return {
    dotnetType,
    parse(text) {
      const trimmed = text.trim();
      return isValid(trimmed) ? trimmed : undefined;
    },
    format: (value) => (isValid(value) ? value : undefined),
  };
}

function escaped(dotnetType: string): ScalarCodec<string> {
  return { dotnetType, parse: unescapeText, format: escapeText };
}
