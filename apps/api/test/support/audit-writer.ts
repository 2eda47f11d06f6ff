// A process that writes audit records until it is killed, or until ten were refused. Prints the number of each that was
// accepted.
import { entryFor } from './audit-chains.ts';
import { trailTo } from './audit-files.ts';

const trail = trailTo(process.argv[2] ?? '');
let number = 0;
let refused = 0;
async function write(): Promise<void> {
  while (refused < 10) {
    const mine = (number += 1);
    try {
      await trail.attempt(entryFor(`vm-${mine}`));
      process.stdout.write(`${mine}\n`);
    } catch {
      refused += 1;
    }
  }
}
await Promise.all(Array.from({ length: 8 }, write));
process.exit();
