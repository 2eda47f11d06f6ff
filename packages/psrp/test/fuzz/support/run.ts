import { inspect } from 'node:util';
import { Random } from './random.ts';
import { allRecordings, hasWindows } from './recordings.ts';
import { isTyped, targets } from './targets.ts';

/** What a run of cases came to; printed as JSON. */
export interface FuzzReport {
  readonly hasWindows: boolean;
  /** Cases that ended otherwise than in a result or a typed error. */
  readonly failures: readonly { readonly target: string; readonly case: number; readonly error: string }[];
  /** How often each target came to a result, and to an error. */
  readonly ends: Readonly<Record<string, { results: number; errors: number }>>;
  /** Milliseconds of processor time of the slowest case. */
  readonly slowest: { readonly target: string; readonly case: number; readonly ms: number };
  /** Bytes of heap after a tenth of the cases, and after all. */
  readonly heap: readonly [early: number, late: number];
}

const [seed = 0, cases = 0] = process.argv.slice(2).map(Number);

function heapUsed(): number {
  for (let round = 0; round < 3; round += 1) globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

async function run(): Promise<FuzzReport> {
  const recordings = await allRecordings();
  const names = Object.keys(targets) as (keyof typeof targets)[];
  const failures: { target: string; case: number; error: string }[] = [];
  const ends = Object.fromEntries(names.map((name) => [name, { results: 0, errors: 0 }]));
  let slowest = { target: '', case: 0, ms: 0 };
  let early = 0;
  for (let index = 0; index < cases; index += 1) {
    const target = names[index % names.length] ?? 'requests';
    const before = process.cpuUsage();
    const end = ends[target] ?? { results: 0, errors: 0 };
    try {
      // Each case has a seed of its own, so that one alone can be had again.
      targets[target](recordings, new Random(seed + index * 7919));
      end.results += 1;
    } catch (error) {
      end.errors += 1;
      if (!isTyped(error) && failures.length < 20)
        failures.push({ target, case: index, error: inspect(error) });
    }
    const { user, system } = process.cpuUsage(before);
    const ms = (user + system) / 1_000;
    if (ms > slowest.ms) slowest = { target, case: index, ms };
    if (index + 1 === cases / 10) early = heapUsed();
  }
  return { hasWindows, failures, ends, slowest, heap: [early, heapUsed()] };
}

process.stdout.write(JSON.stringify(await run()));
