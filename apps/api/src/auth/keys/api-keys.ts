import { readFile, stat } from 'node:fs/promises';
import type { OnApplicationShutdown } from '@nestjs/common';
import type { Cancel, Clock } from '../../common/clock.ts';
import type { Secret } from '../../config/secret.ts';
import type { CredentialEnds } from '../credential-ends.ts';
import { maxKeyFileBytes, parseKeyFile } from '../../keys/key-file.ts';
import { KeyRing } from '../../keys/key-ring.ts';
import { credentialIdOf, hashOfKey, unnamedKey, type StoredKey } from '../../keys/stored-key.ts';

/** Properties of the API keys. */
export interface ApiKeysOptions {
  /** The key in `API_KEY`. */
  readonly apiKey: Secret | null;
  /** The keys of the key file when the service starts. */
  readonly named: readonly StoredKey[];
  readonly file: string | null;
  /** True if HMAC_SECRET is set: requests with the key in `API_KEY` must then be signed. */
  readonly canSign: boolean;
  readonly clock: Clock;
  readonly ends: CredentialEnds;
  readonly log: { warn: (message: string) => void; log: (message: string) => void };
}

/** The interval at which the key file is checked for changes, in milliseconds. */
const watchInterval = 2000;

/** The API keys: the one in `API_KEY`, and those of a file, which is loaded again when it changes. */
export class ApiKeys implements OnApplicationShutdown {
  readonly #options: ApiKeysOptions;
  #ring: KeyRing;
  #version: string | undefined;
  #problem: string | null = null;
  #cancel: Cancel | undefined;
  #stopped = false;

  constructor(options: ApiKeysOptions) {
    this.#options = options;
    this.#ring = this.#ringOf(options.named);
    if (options.file !== null) this.#watch(options.file);
  }

  /** True if there are no keys; expired ones count as keys. */
  get isEmpty(): boolean {
    return this.#ring.keys.length === 0;
  }

  /** Returns the key, even if it has expired; undefined if the text is not a key. */
  find(text: string): StoredKey | undefined {
    return this.#ring.find(text);
  }

  /** Returns whether the key still exists, unchanged. */
  has(key: StoredKey): boolean {
    const text = JSON.stringify(key);
    return this.#ring.keys.some((one) => JSON.stringify(one) === text);
  }

  onApplicationShutdown(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  /** Loads the file if it has changed. While the file is invalid, the previous keys stay valid. */
  async reload(path: string): Promise<void> {
    const { log } = this.#options;
    const read = await readChanged(path, this.#version);
    if (read === null) return;
    this.#version = read.version;
    const parsed = 'text' in read ? parseKeyFile(read.text) : read;
    if ('problem' in parsed) {
      if (parsed.problem !== this.#problem) {
        log.warn(
          `API_KEYS_FILE: ${path} is invalid (${parsed.problem}). The previous keys stay valid until it is corrected.`,
        );
      }
      this.#problem = parsed.problem;
      return;
    }
    this.#problem = null;
    this.#replace(this.#ringOf(parsed.keys));
  }

  #watch(path: string): void {
    this.#cancel = this.#options.clock.schedule(watchInterval, () => {
      void this.reload(path).finally(() => {
        if (!this.#stopped) this.#watch(path);
      });
    });
  }

  #ringOf(named: readonly StoredKey[]): KeyRing {
    const { apiKey, canSign } = this.#options;
    if (apiKey === null) return new KeyRing(named);
    const unnamed: StoredKey = {
      name: unnamedKey,
      sha256: hashOfKey(apiKey.reveal()),
      role: 'writer',
      signature: canSign ? '1' : 'none',
      expiresAt: null,
    };
    return new KeyRing([unnamed, ...named]);
  }

  /** Ends the streams of keys that were removed or changed. */
  #replace(ring: KeyRing): void {
    const kept = new Set(ring.keys.map((key) => JSON.stringify(key)));
    const changed = this.#ring.keys.filter((key) => !kept.has(JSON.stringify(key)));
    const isChange = changed.length > 0 || ring.keys.length !== this.#ring.keys.length;
    this.#ring = ring;
    if (isChange) this.#options.log.log(`API_KEYS_FILE was loaded again: ${ring.keys.length} keys.`);
    for (const key of changed) this.#options.ends.end(credentialIdOf(key));
  }
}

type Read =
  | { readonly version: string; readonly text: string }
  | { readonly version: string; readonly problem: string };

/** Reads a file; null if it still has the given version. */
async function readChanged(path: string, version: string | undefined): Promise<Read | null> {
  try {
    const { mtimeMs, size, ino } = await stat(path);
    const found = `${mtimeMs} ${size} ${ino}`;
    if (found === version) return null;
    if (size > maxKeyFileBytes) return { version: found, problem: 'it is too large' };
    return { version: found, text: await readFile(path, 'utf8') };
  } catch (error) {
    return { version: 'unreadable', problem: error instanceof Error ? error.message : 'it cannot be read' };
  }
}
