/**
 * Text in CLIXML is escaped twice: control characters, surrogates and `_x` become `_xHHHH_` (MS-PSRP 2.2.5.3.2),
 * because XML 1.0 cannot represent most of them; then markup is escaped as in any XML. Both are done in one pass here.
 *
 * U+FFFE and U+FFFF are escaped too: unescaped they are not valid XML. PowerShell does not escape them, but reads them.
 */
/* eslint-disable no-control-regex -- control characters are what has to be found */
const inText = /[\u0000-\u001f&<>\u007f-\u009f\ud800-\udfff\ufffe\uffff]|_(?=[xX])/;
const inAttribute = /[\u0000-\u001f"&<>\u007f-\u009f\ud800-\udfff\ufffe\uffff]|_(?=[xX])/;
/* eslint-enable no-control-regex */
const everyInText = new RegExp(inText.source, 'g');
const everyInAttribute = new RegExp(inAttribute.source, 'g');

/** Escapes a string as the content of an element. */
export function escapeText(text: string): string {
  return inText.test(text) ? text.replace(everyInText, escapeUnit) : text;
}

/** Escapes a string as the content of a double-quoted attribute. */
export function escapeAttribute(text: string): string {
  return inAttribute.test(text) ? text.replace(everyInAttribute, escapeUnit) : text;
}

/**
 * Decodes `_xHHHH_` in text without markup. As .NET's XmlConvert.DecodeName, accepts `x` and digits in upper or lower
 * case, and eight digits for any code point.
 */
export function unescapeText(text: string): string {
  return text.includes('_') ? text.replace(everyEscape, unescapeUnit) : text;
}

const everyEscape = /_[xX]([0-9a-fA-F]{8}|[0-9a-fA-F]{4})_/g;

function escapeUnit(unit: string): string {
  switch (unit) {
    case '&':
      return '&amp;';
    case '<':
      return '&lt;';
    case '>':
      return '&gt;';
    case '"':
      return '&quot;';
    default:
      return `_x${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}_`;
  }
}

function unescapeUnit(escape: string, digits: string): string {
  const code = Number.parseInt(digits, 16);
  return code <= 0x10ffff ? String.fromCodePoint(code) : escape;
}
