import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { HyperVEngine } from '@aether-v/hyperv-sim/engine';

/** What is drawn anew for each thing that is made: ids, addresses of the pool, moments. */
const drawn: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, '(id)'],
  [/00155D[0-9A-F]{6}/g, '(address)'],
  [/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '(time)'],
  [/\d{4}-\d\d-\d\d - \d\d:\d\d:\d\d/g, '(time)'],
];

/** A text in which nothing is left that is drawn anew each time. */
export function withoutDrawn(value: unknown): string {
  return drawn.reduce((text, [pattern, name]) => text.replace(pattern, name), JSON.stringify(value));
}

/** Everything that a fleet holds: VMs, roles, files and folders. */
export function worldText(engine: HyperVEngine): readonly string[] {
  const vms = engine.hostIds.flatMap((hostId) =>
    engine.vms(hostId).map((vm) => `${hostId} ${withoutDrawn({ ...vm, changedAt: null })}`),
  );
  const stored = engine.hostIds.flatMap((hostId) =>
    engine
      .steps(hostId)
      .files.volumes()
      .flatMap(({ files, folders }) => [
        ...[...files.values()].map((file) => `${hostId} file ${withoutDrawn(file)}`),
        ...[...folders.values()].map((folder) => `${hostId} folder ${withoutDrawn(folder)}`),
      ]),
  );
  return [...vms, ...stored].sort();
}

/** Operations of the agent's journal that have not ended, and those that are still held. */
export function openOperations(dataFolder: string): readonly string[] {
  const read = (folder: string): readonly string[] =>
    existsSync(join(dataFolder, folder)) ? readdirSync(join(dataFolder, folder)) : [];
  const running = read('journal')
    .filter((name) => name.endsWith('.json'))
    .filter((name) => {
      const { entry } = JSON.parse(readFileSync(join(dataFolder, 'journal', name), 'utf8')) as {
        readonly entry: { readonly state: string };
      };
      return entry.state === 'running';
    });
  return [...running, ...read('active')];
}
