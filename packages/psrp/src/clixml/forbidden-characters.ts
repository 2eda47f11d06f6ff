/** A text that an XML parser takes, and what puts the characters back that it had to lose for that. */
export interface XmlText {
  readonly text: string;
  /** Restores the characters in text or in an attribute, as the parser gave it. */
  readonly restore: (data: string) => string;
}

/** Stands before a character's code; where it comes by itself it is doubled. */
const mark = '\uE000';
const asItIs = (data: string): string => data;
const suspicious = /&#|[\ufffe\uffff]/;
/** CDATA holds no references, so it is passed over; raw U+FFFE and U+FFFF are what Windows PowerShell writes. */
const everySuspect =
  /<!\[CDATA\[[^]*?(?:\]\]>|$)|&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,8}));|[\ufffe\uffff\uE000]/g;
const everyMark = /\uE000(?:\uE000|([0-9a-f]{4}))/g;

/**
 * Prepares a text for a parser of XML 1.0, which refuses characters that PowerShell writes all the same: as references
 * (`&#xFFFF;`, `&#x0;`, a lone surrogate) or, U+FFFE and U+FFFF, as they are. .NET writes and reads them (CheckCharacters is
 * off in its CLIXML reader and writer).
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

/** The production Char of XML 1.0, within the basic plane. */
function isXmlCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code < 0xd800 || (code > 0xdfff && code < 0xfffe);
}
