import { createHash } from 'node:crypto';
import { children, element, type Element } from './der.ts';

const bindingPrefix = Buffer.from('tls-server-end-point:', 'latin1');

/** Hash of RFC 5929 4.1 by signature algorithm: the DER value bytes of its identifier, in hexadecimal. */
const hashBySignature: Readonly<Record<string, string>> = {
  '2a864886f70d010104': 'sha256', // md5WithRSAEncryption: MD5 and SHA-1 become SHA-256
  '2a864886f70d010105': 'sha256', // sha1WithRSAEncryption
  '2a864886f70d01010b': 'sha256', // sha256WithRSAEncryption
  '2a864886f70d01010c': 'sha384', // sha384WithRSAEncryption
  '2a864886f70d01010d': 'sha512', // sha512WithRSAEncryption
  '2a864886f70d01010e': 'sha224', // sha224WithRSAEncryption
  '2a8648ce3d0401': 'sha256', // ecdsa-with-SHA1
  '2a8648ce3d040301': 'sha224', // ecdsa-with-SHA224
  '2a8648ce3d040302': 'sha256', // ecdsa-with-SHA256
  '2a8648ce3d040303': 'sha384', // ecdsa-with-SHA384
  '2a8648ce3d040304': 'sha512', // ecdsa-with-SHA512
};

/** RSASSA-PSS names its hash in the parameters (RFC 4055 3.1). */
const rsassaPss = '2a864886f70d01010a';

const hashByIdentifier: Readonly<Record<string, string>> = {
  '2b0e03021a': 'sha256', // SHA-1
  '608648016503040201': 'sha256',
  '608648016503040202': 'sha384',
  '608648016503040203': 'sha512',
  '608648016503040204': 'sha224',
};

const sequenceTag = 0x30;
const objectIdentifierTag = 0x06;
const firstParameterTag = 0xa0;

/**
 * Returns the application data that binds a context to the server's certificate (RFC 5929 4, `tls-server-end-point`):
 * the hash of the DER certificate by the hash function of its signature. Undefined if the RFC defines no hash for the
 * signature (Ed25519), or the algorithm is unknown.
 *
 * @throws {RangeError} if the bytes are not a certificate.
 */
export function tlsServerEndPoint(certificate: Buffer): Buffer | undefined {
  const [, algorithm] = children(element(certificate, 0, sequenceTag));
  if (algorithm?.tag !== sequenceTag) throw new RangeError('The certificate has no signature algorithm');
  const hash = hashOf(algorithm);
  return hash === undefined
    ? undefined
    : Buffer.concat([bindingPrefix, createHash(hash).update(certificate).digest()]);
}

function hashOf(algorithm: Element): string | undefined {
  const [identifier, parameters] = children(algorithm);
  if (identifier?.tag !== objectIdentifierTag)
    throw new RangeError('The certificate has no signature algorithm');
  const name = identifier.content.toString('hex');
  if (name !== rsassaPss) return hashBySignature[name];
  // hashAlgorithm [0] is omitted for its default, SHA-1.
  const first = parameters === undefined ? undefined : children(parameters)[0];
  if (first?.tag !== firstParameterTag) return 'sha256';
  const [hash] = children(element(first.content, 0, sequenceTag));
  return hash === undefined ? undefined : hashByIdentifier[hash.content.toString('hex')];
}
