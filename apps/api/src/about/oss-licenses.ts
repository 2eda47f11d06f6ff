import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OssLicenses } from '@aether-v/types';

const fileName = 'oss-licenses.json';

/** Reads the licences of the packages (`npm run licences`), for a service running from source or built. */
export async function readOssLicenses(): Promise<OssLicenses> {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, fileName);
    if (existsSync(candidate)) return JSON.parse(await readFile(candidate, 'utf8')) as OssLicenses;
  }
  throw new Error(`${fileName} was not found.`);
}
