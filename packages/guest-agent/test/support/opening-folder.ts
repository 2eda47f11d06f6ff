import { keyPair, keys, type OpeningVector } from '@aether-v/provisioning/testing/vectors';
import { createPublicKey } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { poolFile } from './pool-file.ts';

/** Writes what `open-vector.sh` reads: the pool, the keys, and the values that the guest knows. */
export function writeOpeningFolder(folder: string, { guest, items }: OpeningVector): void {
  const { privateKey, digest } = keyPair(keys, guest.key);
  for (const name of ['trust', 'state/completed']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, '.kvp_pool_0'), poolFile(items));
  writeFileSync(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  for (const name of guest.trusted) {
    const pem = createPublicKey(keyPair(keys, name).privateKey).export({ type: 'spki', format: 'pem' });
    writeFileSync(join(folder, 'trust', `${name}.pem`), pem);
  }
  for (const operation of guest.completed) writeFileSync(join(folder, 'state/completed', operation), '');
  const values = {
    vm: guest.vm,
    operation: guest.operation,
    epoch: guest.epoch,
    nonce: guest.nonce,
    spki: digest,
  };
  const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(folder, 'values'), lines.join(''));
}
