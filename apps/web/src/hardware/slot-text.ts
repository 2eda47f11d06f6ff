import type { DriveSlot } from '@aether-v/types';

/** Returns the slot of a drive as Hyper-V's tools write it: `SCSI 0:1`. */
export function slotText({ controllerType, controllerNumber, controllerLocation }: DriveSlot): string {
  return `${controllerType} ${controllerNumber}:${controllerLocation}`;
}
