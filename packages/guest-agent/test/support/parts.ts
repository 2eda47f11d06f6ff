import { existsSync } from 'node:fs';

const required = (process.env['AETHER_REQUIRE'] ?? '').split(',').includes('guest');

/** Returns whether to skip, and the reason for the title. Nothing is skipped if `AETHER_REQUIRE` names the part. */
export function needs(files: readonly string[]): { readonly skip: boolean; readonly reason: string } {
  const missing = files.filter((file) => !existsSync(file));
  const skip = missing.length > 0 && !required;
  return { skip, reason: skip ? ` (skipped: there is no ${missing.join(', ')})` : '' };
}
