import type { HyperVEngine } from '@aether-v/hyperv-sim/engine';

/** Every file and folder of a fleet, each volume once: nodes of a cluster see the same ones. */
export function storedIn(engine: HyperVEngine): ReadonlySet<string> {
  const seen = new Set<unknown>();
  const lines = new Set<string>();
  for (const hostId of engine.hostIds) {
    for (const volume of engine.steps(hostId).files.volumes()) {
      if (seen.has(volume)) continue;
      seen.add(volume);
      for (const { path, ...held } of volume.files.values())
        lines.add(`${hostId} ${path} ${JSON.stringify(held)}`);
      for (const path of volume.folders.values()) lines.add(`${hostId} ${path}\\`);
    }
  }
  return lines;
}

/** What came (+) and what went (-) between two moments; a file that changed did both. */
export function changesBetween(before: ReadonlySet<string>, after: ReadonlySet<string>): readonly string[] {
  const went = [...before].filter((line) => !after.has(line)).map((line) => `- ${line}`);
  const came = [...after].filter((line) => !before.has(line)).map((line) => `+ ${line}`);
  return [...went, ...came].sort();
}
