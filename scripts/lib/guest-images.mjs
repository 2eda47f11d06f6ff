import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.mjs';

/** Root file systems of Debian in which tests run as guests, by release. Tests mount over them and never write to them. */
const folder = join(root, '.aether/guest-images');
const packages = { bookworm: 'openssl,sudo,openssh-client', bullseye: 'openssl' };

export const hasGuestImage = (release) => existsSync(join(folder, release));

/** Makes a root file system. @param run Runs a command, and returns whether it succeeded. */
export function makeGuestImage(release, run) {
  const unfinished = join(folder, `${release}.new`);
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const options = ['--quiet', '--mode=root', '--variant=minbase', `--include=${packages[release]}`];
  if (run('mmdebstrap', ...options, release, unfinished)) renameSync(unfinished, join(folder, release));
}
