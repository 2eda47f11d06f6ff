import { performance } from 'node:perf_hooks';
import { SaxesParser } from 'saxes';
import {
  customObjectTypeNames,
  parseClixml,
  PsScalar,
  psList,
  psObject,
  writeClixml,
  type PsValue,
} from '@aether-v/psrp/clixml';
import type { BenchRow } from './report.ts';

const objectCount = 5000;
const rounds = 15;

/** Creates 5,000 objects with ten properties of mixed types, similar to a host's inventory. */
function makeObjects(): PsValue[] {
  return Array.from({ length: objectCount }, (_, index) =>
    psObject(
      {
        Name: `vm-${index} <web & data>`,
        State: index % 3 === 0 ? 'Running' : 'Off',
        ProcessorCount: index % 64,
        MemoryAssigned: BigInt(index) * 1_048_576n,
        CreationTime: new PsScalar('DT', `2024-02-${10 + (index % 19)}T23:59:59.1234567Z`),
        IsClustered: index % 2 === 0,
        CpuUsage: new PsScalar('Db', index / 7),
        Id: new PsScalar('G', `f81d4fae-7dec-11d0-a765-${String(index).padStart(12, '0')}`),
        Disks: psList([`C:\\disks\\${index}.vhdx`, index, null]),
        Notes: null,
      },
      customObjectTypeNames,
    ),
  );
}

/** Runs only the XML parser, with a handler for each event that the reader listens to. */
function passBare(text: string): void {
  const parser = new SaxesParser({ fragment: true, position: false });
  const ignore = (): void => undefined;
  for (const event of ['attribute', 'opentag', 'text', 'cdata', 'closetag', 'doctype', 'error'] as const) {
    parser.on(event, ignore);
  }
  parser.write(text).close();
}

/** Returns the minimum in milliseconds, which excludes the influence of other processes. */
function best(times: number[]): number {
  return Math.min(...times);
}

function time(work: () => void): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}

/** Measures reading and writing of CLIXML, and reading relative to a bare pass of the XML parser over the same text. */
export function benchClixml(): BenchRow[] {
  const objects = makeObjects();
  const text = writeClixml(objects);
  const megabytes = Buffer.byteLength(text) / 1e6;
  const reads: number[] = [];
  const bares: number[] = [];
  const writes: number[] = [];
  // Alternating, so that a slow moment of the machine affects all three.
  for (let round = 0; round < rounds; round++) {
    bares.push(time(() => passBare(text)));
    reads.push(time(() => parseClixml(text)));
    writes.push(time(() => Buffer.from(writeClixml(objects))));
  }
  const note = `${objectCount} objects of 10 properties, ${megabytes.toFixed(2)} MB, best of ${rounds}`;
  return [
    { name: 'CLIXML read', value: megabytes / (best(reads) / 1000), unit: 'MB/s', note },
    { name: 'CLIXML write (to UTF-8 bytes)', value: megabytes / (best(writes) / 1000), unit: 'MB/s', note },
    { name: 'XML parser alone', value: megabytes / (best(bares) / 1000), unit: 'MB/s', note },
    { name: 'CLIXML read / XML parser alone', value: best(bares) / best(reads), unit: 'ratio', note },
  ];
}
