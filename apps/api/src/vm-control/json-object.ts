import { ProblemError } from '../problems/problem-error.ts';

const decoder = new TextDecoder('utf-8', { fatal: true });

/**
 * Requires a JSON object as the body. Its content is ignored, but with an empty body the signature of a list request would
 * be valid for an action (signature 1 covers only the body and the time).
 */
export function assertJsonObject(body: Uint8Array | null): void {
  if (isJsonObject(body)) return;
  throw new ProblemError('bad-request', 'Send a JSON object as the body, such as {}.');
}

function isJsonObject(body: Uint8Array | null): boolean {
  if (body === null) return false;
  try {
    const value: unknown = JSON.parse(decoder.decode(body));
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
