import { createHash, createHmac, randomBytes } from 'node:crypto';

/** Signs requests as clients of the VM control API do. */
export interface Signer {
  readonly key: string;
  readonly secret: string;
}

/** Headers with signature 1. */
export function signed1({ key, secret }: Signer, body: string, timestamp: string): Record<string, string> {
  const signature = createHmac('sha256', secret).update(`${body}${timestamp}`).digest('hex');
  return { 'x-api-key': key, 'x-timestamp': timestamp, 'x-signature': signature };
}

/** Headers with signature 2. */
export function signed2(
  { key, secret }: Signer,
  method: string,
  target: string,
  body: string,
  timestamp: string,
): Record<string, string> {
  const nonce = randomBytes(16).toString('hex');
  const bodyHash = createHash('sha256').update(body).digest('hex');
  const lines = ['aether-vm-2', method, target, timestamp, nonce, bodyHash];
  const signature = createHmac('sha256', secret).update(lines.join('\n')).digest('hex');
  return { 'x-api-key': key, 'x-timestamp': timestamp, 'x-nonce': nonce, 'x-signature-v2': signature };
}
