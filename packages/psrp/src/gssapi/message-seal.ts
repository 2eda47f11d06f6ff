import type { Binding } from './binding.ts';
import {
  buildEncryptedBody,
  parseEncryptedBody,
  type ContentBody,
  type SealedPart,
} from './encrypted-body.ts';
import { GssapiError } from './errors.ts';
import type { Pointer } from './library.ts';

/** Mechanism of WinRM in Negotiate. */
export type Mechanism = 'kerberos' | 'ntlm';

/**
 * Size of the header of a sealed token, and of the confounder before the plaintext, in bytes (RFC 4121 4.2.6.2, RFC
 * 3962).
 */
const headerBytes = 16;
const confounderBytes = 16;

/** TOK_ID of a wrap token, and offset of RRC in its header (RFC 4121 4.2.6.2). */
const wrapTokenId = 0x0504;
const rrcOffset = 6;

/** Size of an NTLM message signature, in bytes (MS-NLMP 2.2.2.9). */
const ntlmSignatureBytes = 16;

/** Seals and opens the messages of one connection, in order (MS-WSMV 2.2.9.1). */
export class MessageSeal {
  readonly #binding: Binding;
  readonly #context: Pointer;
  readonly #mechanism: Mechanism;

  /** Uses an established context. The caller deletes it. */
  constructor(binding: Binding, context: Pointer, mechanism: Mechanism) {
    this.#binding = binding;
    this.#context = context;
    this.#mechanism = mechanism;
  }

  /**
   * Seals a message.
   *
   * @throws {GssapiError} if the mechanism did not seal it.
   */
  seal({ contentType, body }: ContentBody): ContentBody {
    const { token, sealed } = this.#binding.wrap(this.#context, body, true);
    if (!sealed) throw new GssapiError('not-sealed');
    const part =
      this.#mechanism === 'ntlm' ? splitAt(token, ntlmSignatureBytes) : rotated(token, body.length);
    return buildEncryptedBody(part, contentType);
  }

  /**
   * Opens a message.
   *
   * @throws {GssapiError} if it is not sealed, changed, repeated or out of order.
   */
  open(message: ContentBody): Buffer {
    const opened = parseEncryptedBody(message).map((part) => this.#open(part));
    return opened.length === 1 && opened[0] !== undefined ? opened[0] : Buffer.concat(opened);
  }

  #open({ signature, data }: SealedPart): Buffer {
    const { message, sealed, status } = this.#binding.unwrap(this.#context, Buffer.concat([signature, data]));
    if (status.major !== 0) throw new GssapiError('bad-seal', this.#binding.error(status).message, status);
    if (!sealed) throw new GssapiError('not-sealed', 'it is only signed');
    if (message.length !== data.length)
      throw new GssapiError('bad-seal', `it has ${message.length} bytes and announced ${data.length}`);
    return message;
  }
}

function splitAt(token: Buffer, length: number): SealedPart {
  return { signature: token.subarray(0, length), data: token.subarray(length) };
}

/**
 * Rotates a token for Windows. RFC 4121 puts checksum and header copy after the ciphertext; Windows expects them before
 * it, rotated by their length, so that the data is as long as the plaintext. That length depends on the encryption type
 * and is computed as the remainder.
 */
function rotated(token: Buffer, plainLength: number): SealedPart {
  const rotation = token.length - headerBytes - confounderBytes - plainLength;
  if (
    token.length < headerBytes ||
    token.readUInt16BE(0) !== wrapTokenId ||
    token.readUInt16BE(rrcOffset) !== 0 ||
    rotation < 0
  )
    throw new GssapiError('encryption-type', 'the session key is not an AES key');
  const header = Buffer.from(token.subarray(0, headerBytes));
  header.writeUInt16BE(rotation, rrcOffset);
  const split = token.length - rotation;
  const turned = Buffer.concat([header, token.subarray(split), token.subarray(headerBytes, split)]);
  return splitAt(turned, headerBytes + confounderBytes + rotation);
}
