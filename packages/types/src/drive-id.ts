// No schema here: the console imports this without TypeBox.

/** The slot of a drive, as expected by every cmdlet for drives. */
export interface DriveSlot {
  readonly controllerType: 'IDE' | 'SCSI' | 'Floppy' | 'PMEM';
  readonly controllerNumber: number;
  readonly controllerLocation: number;
}

/**
 * Returns the id of a disk or DVD drive: its slot, as in `scsi-0-1`. Hyper-V's own instance ids contain GUIDs,
 * backslashes and slashes and are awkward in URLs and logs; the cmdlets need the slot anyway. Since a slot can be
 * reused by another drive, operations that change a disk also name the path that they expect there.
 */
export function driveId({ controllerType, controllerNumber, controllerLocation }: DriveSlot): string {
  return `${controllerType.toLowerCase()}-${controllerNumber}-${controllerLocation}`;
}
