import { randomBytes } from 'node:crypto';

/**
 * Returns a new UUIDv7 (RFC 9562, 5.7): 48 bits of time, then random bits, so that IDs of operations and jobs sort by
 * time.
 *
 * @param now Milliseconds since 1970 in UTC.
 */
export function newOperationId(now: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes[6] = 0x70 | (bytes.readUInt8(6) & 0x0f);
  bytes[8] = 0x80 | (bytes.readUInt8(8) & 0x3f);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
