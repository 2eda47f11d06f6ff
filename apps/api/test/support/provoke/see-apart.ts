import { see } from './see.ts';
import type { Provoked } from './provoke.ts';

// Sees a host from a process of its own, whose environment is its starter's to choose.
const provoked = JSON.parse(process.argv[2] ?? '') as Provoked;
process.stdout.write(`${JSON.stringify(await see(provoked))}\n`, () => process.exit());
