/** Text that an XML parser accepts, with a function that restores the replaced characters. */
export interface XmlText {
  readonly text: string;
  /** Restores the characters in text or an attribute value from the parser. */
  readonly restore: (data: string) => string;
}

/** Precedes the code of a replaced character; doubled if it occurs in the text itself. */
const mark = '\uE000';
const asItIs = (data: string): string => data;
const suspicious = /&#|[\ufffe\uffff]/;
/**
 * Matches replaceable characters. Skips CDATA, which has no references; Windows PowerShell writes U+FFFE and U+FFFF
 * raw.
 */
const everySuspect =
  /<!\[CDATA\[[^]*?(?:\]\]>|$)|&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,8}));|[\ufffe\uffff\uE000]/g;
const everyMark = /\uE000(?:\uE000|([0-9a-f]{4}))/g;

/**
 * Prepares a text for an XML 1.0 parser, which rejects some characters that PowerShell writes: as references
 * (`&#xFFFF;`, `&#x0;`, a lone surrogate), or raw (U+FFFE and U+FFFF). .NET writes and reads them, because
 * CheckCharacters is off in its CLIXML reader and writer.
 */
export function toXmlText(source: string): XmlText {
  const text = source.startsWith('\ufeff') ? source.slice(1) : source;
  if (!suspicious.test(text)) return { text, restore: asItIs };
  const prepared = text.replace(everySuspect, (found, hex?: string, decimal?: string) => {
    if (found.startsWith('<')) return found.replace(/[\ufffe\uffff\uE000]/g, replacement);
    if (!found.startsWith('&')) return replacement(found);
    const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    if (code === mark.charCodeAt(0)) return replacement(mark);
    return isXmlCharacter(code) || code > 0xffff ? found : replacement(String.fromCharCode(code));
  });
  return { text: prepared, restore };
}

function replacement(character: string): string {
  return character === mark ? mark + mark : mark + character.charCodeAt(0).toString(16).padStart(4, '0');
}

function restore(data: string): string {
  if (!data.includes(mark)) return data;
  return data.replace(everyMark, (_, code?: string) =>
    code === undefined ? mark : String.fromCharCode(Number.parseInt(code, 16)),
  );
}

/** Returns whether a code unit is in the production Char of XML 1.0, within the basic plane. */
function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code < 0xd800 || (code > 0xdfff && code < 0xfffe);
}
