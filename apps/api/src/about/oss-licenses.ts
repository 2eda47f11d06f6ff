import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { OssLicenses } from '@aether-v/types';

const fileName = 'oss-licenses.json';

/** The file of the packages' licences (`npm run licences`). It is read once; a failed reading is repeated. */
export class OssLicensesFile {
  readonly #from: string;
  #read: Promise<OssLicenses> | undefined;

  /** @param from The folder where the search begins; parent folders follow, for a service from source or built. */
  constructor(from: string = import.meta.dirname) {
    this.#from = from;
  }

  /** Returns the licences. @throws Error if the file is missing or unreadable. */
  async read(): Promise<OssLicenses> {
    this.#read ??= readFrom(this.#from);
    try {
      return await this.#read;
    } catch (error) {
      this.#read = undefined;
      throw error;
    }
  }
}

async function readFrom(start: string): Promise<OssLicenses> {
  for (let folder = start; folder !== dirname(folder); folder = dirname(folder)) {
    const candidate = join(folder, fileName);
    if (existsSync(candidate)) return JSON.parse(await readFile(candidate, 'utf8')) as OssLicenses;
  }
  throw new Error(`${fileName} was not found.`);
}
