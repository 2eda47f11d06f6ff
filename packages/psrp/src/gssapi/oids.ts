/** Object identifier in the form of GSSAPI: DER value bytes without tag and length. */
export interface Oid {
  readonly length: number;
  readonly elements: Buffer;
}

function oid(...bytes: readonly number[]): Oid {
  return { length: bytes.length, elements: Buffer.from(bytes) };
}

/** SPNEGO, negotiation of mechanisms: 1.3.6.1.5.5.2 (RFC 4178). */
export const spnegoOid = oid(0x2b, 6, 1, 5, 5, 2);

/** Kerberos 5: 1.2.840.113554.1.2.2 (RFC 4121). */
export const kerberosOid = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 2);

/** NTLM: 1.3.6.1.4.1.311.2.2.10 (MS-NLMP). */
export const ntlmOid = oid(0x2b, 6, 1, 4, 1, 0x82, 0x37, 2, 2, 10);

/** Name type of `service@host` (RFC 2743 4.1). */
export const hostBasedServiceOid = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 1, 4);

/** Name type of a user name (RFC 2743 4.2). */
export const userNameOid = oid(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x12, 1, 2, 1, 1);
