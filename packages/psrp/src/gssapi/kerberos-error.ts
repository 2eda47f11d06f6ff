import { children, element } from './der.ts';
import { kerberosOid } from './oids.ts';

/** TOK_ID of a KRB-ERROR in a GSSAPI token (RFC 4121 4.1). */
const errorTokenId = Buffer.from([0x03, 0x00]);
const krbErrorTag = 0x7e;
const sequenceTag = 0x30;
const errorCodeTag = 0xa6;
const integerTag = 0x02;

/**
 * Returns the error number of the KRB-ERROR (RFC 4120 5.9.1) in an acceptor's token; undefined if there is none. SPNEGO
 * reports Kerberos errors by process-specific numbers; the token has the original number.
 */
export function kerberosErrorIn(token: Buffer): number | undefined {
  const marker = Buffer.concat([kerberosOid.elements, errorTokenId]);
  const at = token.indexOf(marker);
  if (at < 0) return undefined;
  try {
    const message = element(token, at + marker.length, krbErrorTag);
    const fields = children(element(message.content, 0, sequenceTag));
    const code = fields.find(({ tag }) => tag === errorCodeTag);
    const integer = code && element(code.content, 0, integerTag);
    return integer && integer.content.length <= 4
      ? integer.content.readIntBE(0, integer.content.length)
      : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
