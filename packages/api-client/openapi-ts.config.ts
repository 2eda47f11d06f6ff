import { fileURLToPath } from 'node:url';
import type { UserConfig } from '@hey-api/openapi-ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** How the client is generated into a folder; a test generates it again elsewhere and compares. */
export function clientConfig(folder: string): UserConfig {
  return {
    input: here('./openapi.json'),
    output: { path: folder, importFileExtension: '.ts' },
    logs: { level: 'silent' },
    plugins: ['@hey-api/typescript', '@hey-api/client-fetch', '@hey-api/sdk', '@tanstack/react-query'],
  };
}

export default clientConfig(here('./src/generated'));
