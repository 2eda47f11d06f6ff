// No schema here: the console imports this without TypeBox.

/** Where a drive hangs: what every cmdlet for drives takes. */
export interface DriveSlot {
  readonly controllerType: 'IDE' | 'SCSI' | 'Floppy' | 'PMEM';
  readonly controllerNumber: number;
  readonly controllerLocation: number;
}

/**
 * The id of a disk or DVD drive: its slot, as in `scsi-0-1`. Hyper-V's own instance ids hold GUIDs, backslashes and slashes, so they travel
 * badly in URLs and logs; the slot is what the cmdlets ask for anyway. A slot can be used again by another drive, so
 * whatever changes a disk also names the path that it expects there.
 */
export function driveId({ controllerType, controllerNumber, controllerLocation }: DriveSlot): string {
  return `${controllerType.toLowerCase()}-${controllerNumber}-${controllerLocation}`;
}
