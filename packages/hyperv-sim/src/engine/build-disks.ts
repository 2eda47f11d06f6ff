import { driveId, type DriveSlot } from '@aether-v/types';
import type { VmSpec } from './fleet-spec.ts';
import type { Random } from './random.ts';
import type { DiskDrive } from './vm-config.ts';
import type { StoredFile } from './volume.ts';

const gibibyte = 1024 ** 3;

/** The disks of a new VM: its current drives, those of each checkpoint, and their files. */
export interface BuiltDisks {
  readonly drives: readonly DiskDrive[];
  /** The drives of each checkpoint, oldest first. */
  readonly atCheckpoints: readonly (readonly DiskDrive[])[];
  readonly files: readonly StoredFile[];
}

function slotOf(index: number, { generation, scsiControllers = 1 }: VmSpec): DriveSlot {
  if (generation === 1) {
    return {
      controllerType: index < 3 ? 'IDE' : 'SCSI',
      controllerNumber: index === 2 ? 1 : 0,
      controllerLocation: index % 2,
    };
  }
  return {
    controllerType: 'SCSI',
    controllerNumber: index % scsiControllers,
    controllerLocation: Math.floor(index / scsiControllers),
  };
}

/** Returns the files of one disk: the base, and a differencing disk for the state after each checkpoint. */
function chainOf(spec: VmSpec, base: string, size: number, random: Random): StoredFile[] {
  const vhd = spec.os === 'windows-2008r2';
  const format = vhd ? 'VHD' : 'VHDX';
  const used = Math.round(size * (0.2 + 0.6 * random.next()));
  const fixed = spec.fixedDisks === true;
  const chain: StoredFile[] = [
    {
      path: `${base}.${vhd ? 'vhd' : 'vhdx'}`,
      size: fixed ? size : used,
      disk: { format, type: fixed ? 'Fixed' : 'Dynamic', virtualSize: size, parentPath: null, guest: null },
    },
  ];
  for (let count = (spec.checkpoints ?? []).length; count > 0; count--) {
    chain.push({
      path: `${base}_${random.guid().toUpperCase()}.${vhd ? 'avhd' : 'avhdx'}`,
      size: Math.round(used * 0.08),
      disk: {
        format,
        type: 'Differencing',
        virtualSize: size,
        parentPath: chain.at(-1)?.path ?? null,
        guest: null,
      },
    });
  }
  return chain;
}

/** Creates the disks of a VM in its folder. */
export function buildDisks(
  spec: VmSpec,
  sizesGb: readonly number[],
  folder: string,
  random: Random,
): BuiltDisks {
  const chains = sizesGb.map((sizeGb, index) => {
    const base = `${folder}\\Virtual Hard Disks\\${spec.name}${index === 0 ? '' : `-data${index}`}`;
    return chainOf(spec, base, sizeGb * gibibyte, random);
  });
  const drivesAt = (depth: number): DiskDrive[] =>
    chains.map((chain, index) => {
      const slot = slotOf(index, spec);
      const path = chain[depth]?.path ?? '';
      return { id: driveId(slot), ...slot, path, shared: false, passThrough: false };
    });
  const depth = (spec.checkpoints ?? []).length;
  return {
    drives: drivesAt(depth),
    atCheckpoints: Array.from({ length: depth }, (_, index) => drivesAt(index)),
    files: chains.flat(),
  };
}
