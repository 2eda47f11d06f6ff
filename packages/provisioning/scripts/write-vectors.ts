import { writeFileSync } from 'node:fs';
import { storedKeys } from './vectors/keys.ts';
import { guestItemVectors, macVectors } from './vectors/macs.ts';
import { openingVectors } from './vectors/openings.ts';

const keys = storedKeys();
const files = {
  keys,
  openings: await openingVectors(keys),
  macs: macVectors(keys),
  'guest-items': guestItemVectors(keys),
};
for (const [name, content] of Object.entries(files)) {
  writeFileSync(new URL(`../vectors/${name}.json`, import.meta.url), `${JSON.stringify(content, null, 2)}\n`);
}
