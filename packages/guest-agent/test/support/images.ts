import { join } from 'node:path';

/** Returns the folder of a root file system that scripts/lib/guest-images.mjs makes. */
export function image(release: 'bookworm' | 'bullseye'): string {
  return join(import.meta.dirname, '../../../../.aether/guest-images', release);
}
