import { children, element } from './der.ts';
import { KERBEROS } from './oids.ts';

/** TOK_ID of a KRB-ERROR in a GSSAPI token (RFC 4121 4.1). */
const ERROR_TOKEN = Buffer.from([0x03, 0x00]);
const KRB_ERROR = 0x7e;
const SEQUENCE = 0x30;
const ERROR_CODE = 0xa6;
const INTEGER = 0x02;

/**
 * The number in the KRB-ERROR (RFC 4120 5.9.1) that an acceptor's token carries, or undefined where there is none. SPNEGO
 * hands on Kerberos' errors by numbers that mean something in this process only; the token has the real one.
 */
export function kerberosErrorIn(token: Buffer): number | undefined {
  const marker = Buffer.concat([KERBEROS.elements, ERROR_TOKEN]);
  const at = token.indexOf(marker);
  if (at < 0) return undefined;
  try {
    const message = element(token, at + marker.length, KRB_ERROR);
    const fields = children(element(message.content, 0, SEQUENCE));
    const code = fields.find(({ tag }) => tag === ERROR_CODE);
    const integer = code && element(code.content, 0, INTEGER);
    return integer && integer.content.length <= 4
      ? integer.content.readIntBE(0, integer.content.length)
      : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
