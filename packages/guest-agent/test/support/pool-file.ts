import type { Item } from '@aether-v/provisioning';

const nameLength = 512;
const valueLength = 2048;

const recordLength = nameLength + valueLength;

/** Returns a pool as the kernel's daemon writes it. */
export function poolFile(items: Iterable<Item>): Buffer {
  return Buffer.concat([...items].map(record));
}

/** Reads a pool; a record that is cut at the end is left out. */
export function readPoolFile(pool: Buffer): Item[] {
  const count = Math.floor(pool.length / recordLength);
  return Array.from({ length: count }, (_, index) => {
    const start = index * recordLength;
    return {
      name: text(pool.subarray(start, start + nameLength)),
      value: text(pool.subarray(start + nameLength, start + recordLength)),
    };
  });
}

function record({ name, value }: Item): Buffer {
  const bytes = Buffer.alloc(recordLength);
  bytes.write(name);
  bytes.write(value, nameLength);
  return bytes;
}

function text(field: Buffer): string {
  const end = field.indexOf(0);
  return field.subarray(0, end === -1 ? field.length : end).toString();
}
