// A process that writes audit records until it is killed, and prints the number of each that was accepted.
import { entryFor } from './audit-chains.ts';
import { trailTo } from './audit-files.ts';

const trail = trailTo(process.argv[2] ?? '');
let number = 0;
async function write(): Promise<void> {
  for (;;) {
    const mine = (number += 1);
    await trail.attempt(entryFor(`vm-${mine}`));
    process.stdout.write(`${mine}\n`);
  }
}
await Promise.all(Array.from({ length: 8 }, write));
