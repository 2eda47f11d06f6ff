import type { CreateVmRequest, NewDisk } from '@aether-v/types';
import { memoryStep, readMemory, type MemoryInput } from '../../vm-dialogs/settings-input.ts';
import { parseSize } from '../../vm-forms/sizes.ts';
import { createTexts as texts } from './create.text.ts';

/** A further disk as typed. */
export interface DiskInput {
  readonly size: string;
  readonly type: 'Dynamic' | 'Fixed';
}

/** The place of a new VM: the whole fleet, a cluster or a host. */
export type Place = { readonly kind: 'any' } | { readonly kind: 'cluster' | 'host'; readonly id: string };

/** A new VM as typed. */
export interface CreateInput {
  readonly name: string;
  readonly source: 'image' | 'blank' | 'none';
  readonly image: string;
  /** The size of the first disk; empty for that of the image. */
  readonly diskSize: string;
  readonly processors: string;
  readonly memory: MemoryInput;
  readonly secureBoot: NonNullable<CreateVmRequest['secureBoot']> | null;
  readonly iso: string;
  readonly start: boolean;
  readonly place: Place;
  /** Empty if the service chooses. */
  readonly storageClass: string;
  /** The network of each adapter; empty for none. */
  readonly networks: readonly string[];
  readonly disks: readonly DiskInput[];
}

/** A usual size of a VM. */
export interface SizePreset {
  readonly label: string;
  readonly processors: string;
  readonly memory: string;
}

export const sizePresets: readonly SizePreset[] = [
  { label: 'Small', processors: '1', memory: '2 GB' },
  { label: 'Medium', processors: '2', memory: '4 GB' },
  { label: 'Large', processors: '4', memory: '8 GB' },
  { label: 'Extra large', processors: '8', memory: '16 GB' },
];

export const emptyInput: CreateInput = {
  name: '',
  source: 'image',
  image: '',
  diskSize: '',
  processors: '2',
  memory: { dynamic: false, startup: '4 GB', minimum: '2 GB', maximum: '8 GB', bufferPercent: '20' },
  secureBoot: null,
  iso: '',
  start: true,
  place: { kind: 'any' },
  storageClass: '',
  networks: [],
  disks: [],
};

/** Returns the preset that has these values; null for other sizes. */
export function presetOf({ processors, memory }: CreateInput): SizePreset | null {
  if (memory.dynamic) return null;
  const bytes = parseSize(memory.startup, memoryStep);
  return (
    sizePresets.find(
      (preset) => preset.processors === processors.trim() && parseSize(preset.memory, memoryStep) === bytes,
    ) ?? null
  );
}

/** A form's input in terms of the API. */
export interface ReadCreate {
  /** Null while something is missing or invalid. */
  readonly request: CreateVmRequest | null;
  /** The problem of each invalid field. */
  readonly problems: ReadonlyMap<string, string>;
  /** The first missing input; null if the form is complete. */
  readonly missing: string | null;
}

/** Returns the first disk; null if it is incomplete, undefined if there is none. */
function firstDisk({ source, image, diskSize }: CreateInput): NewDisk | null | undefined {
  if (source === 'none') return undefined;
  const sizeBytes = parseSize(diskSize);
  if (source === 'blank') return sizeBytes === null ? null : { sizeBytes, type: 'Dynamic' };
  return image === '' || (diskSize.trim() !== '' && sizeBytes === null) ? null : { image, sizeBytes };
}

function placeOf(place: Place): Pick<CreateVmRequest, 'host' | 'cluster'> {
  if (place.kind === 'any') return {};
  return place.kind === 'host' ? { host: place.id } : { cluster: place.id };
}

/** Parses the input. */
export function readCreate(input: CreateInput): ReadCreate {
  const problems = new Map<string, string>();
  const name = input.name.trim();
  const processors = /^\d+$/.test(input.processors.trim()) ? Number(input.processors.trim()) : 0;
  if (processors < 1 || processors > 2048) problems.set('processors', texts.noProcessors);
  const memory = readMemory(input.memory);
  if (typeof memory === 'string') problems.set('memory', memory);
  const first = firstDisk(input);
  const others = input.disks.map(({ size, type }): NewDisk | null => {
    const sizeBytes = parseSize(size);
    return sizeBytes === null ? null : { sizeBytes, type };
  });
  const all = [...(first === undefined ? [] : [first]), ...others];
  const disks = all.filter((disk) => disk !== null);
  const missing =
    name === ''
      ? texts.nameMissing
      : first === null
        ? input.source === 'image' && input.image === ''
          ? texts.imageMissing
          : texts.diskMissing
        : disks.length < all.length
          ? texts.diskMissing
          : null;
  if (missing !== null || problems.size > 0 || typeof memory === 'string')
    return { request: null, problems, missing };
  return {
    problems,
    missing,
    request: {
      name,
      ...placeOf(input.place),
      ...(input.storageClass !== '' && { storageClass: input.storageClass }),
      processors,
      memory,
      ...(input.secureBoot !== null && { secureBoot: input.secureBoot }),
      disks,
      networkAdapters: input.networks.map((network) => ({
        network: network === '' ? null : network,
        macAddress: null,
      })),
      ...(input.iso !== '' && { dvd: { iso: input.iso }, bootOrder: ['dvd', 'disk', 'network'] }),
      start: input.start,
    },
  };
}
