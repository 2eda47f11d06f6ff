import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './workspace.mjs';

/** Root file systems of Debian in which tests run as guests, by release. Tests mount over them and never write to them. */
const folder = join(root, '.aether/guest-images');
const packages = {
  // All programs that can configure the network; each test leaves one.
  bookworm: 'openssl,sudo,openssh-client,netplan.io,network-manager,dbus,ifupdown,iproute2',
  bullseye: 'openssl',
};

/** The file that says of which packages an image was made: an older list makes it again. */
const listOf = (release) => join(folder, `${release}.packages`);

export const hasGuestImage = (release) =>
  existsSync(join(folder, release)) &&
  existsSync(listOf(release)) &&
  readFileSync(listOf(release), 'utf8') === packages[release];

/** Makes a root file system. @param run Runs a command, and returns whether it succeeded. */
export function makeGuestImage(release, run) {
  const unfinished = join(folder, `${release}.new`);
  for (const old of [unfinished, join(folder, release)]) rmSync(old, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const options = ['--quiet', '--mode=root', '--variant=minbase', `--include=${packages[release]}`];
  if (!run('mmdebstrap', ...options, release, unfinished)) return;
  renameSync(unfinished, join(folder, release));
  writeFileSync(listOf(release), packages[release]);
}
