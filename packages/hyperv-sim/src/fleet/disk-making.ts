import type { NewDisk } from '@aether-v/types';
import { OperationFailure } from './operation-failure.ts';
import { imageOf } from './resources.ts';
import type { Saga } from './saga.ts';

/** Returns the bytes that a new disk takes on its volume. Throws `bad-request` if a copy would be smaller than its image. */
export function bytesOf({ steps }: Saga, disk: NewDisk): number {
  if (!('image' in disk)) return disk.type === 'Fixed' ? disk.sizeBytes : 0;
  const { virtualSize, size } = imageOf(steps, disk.image).image;
  if (disk.sizeBytes !== null && virtualSize !== null && disk.sizeBytes < virtualSize) {
    throw new OperationFailure(
      'bad-request',
      `The image "${disk.image}" has ${virtualSize} bytes: a disk of ${disk.sizeBytes} bytes cannot hold it.`,
    );
  }
  return size;
}

function freeName({ steps }: Saga, folder: string, vmName: string): string {
  for (let number = 0; ; number++) {
    const path = `${folder}\\${vmName}-disk${number}.vhdx`;
    if (!steps.files.find(path)) return path;
  }
}

/** Creates a folder and its missing parents. The rollback removes those that are empty. */
export function makeFolder(saga: Saga, folder: string): void {
  const { steps } = saga;
  saga.step(
    `Create the folder ${folder}.`,
    () => steps.files.newFolder(folder),
    (made) => {
      for (const one of [...made].reverse()) if (steps.files.isEmpty(one)) steps.files.removeFolder(one);
    },
  );
}

/** Creates a disk in a folder and attaches it. Returns the drive's id. */
export async function makeDisk(saga: Saga, vmId: string, disk: NewDisk, folder: string): Promise<string> {
  const { files, drives } = saga.steps;
  const path = freeName(saga, folder, saga.vm(vmId).name);
  const erase = (): void => files.removeFile(path);
  if ('image' in disk) {
    const source = imageOf(saga.steps, disk.image);
    await saga.job(
      `Copy the image ${disk.image} to ${path}.`,
      () => files.copyFile(source.path, path),
      erase,
    );
    const { sizeBytes } = disk;
    if (sizeBytes !== null && sizeBytes > (source.image.virtualSize ?? 0)) {
      await saga.job(`Grow ${path} to ${sizeBytes} bytes.`, () => files.resizeVhd(path, sizeBytes));
    }
  } else {
    await saga.job(`Create the disk ${path}.`, () => files.newVhd({ path, ...disk }), erase);
  }
  return saga.step(
    `Attach ${path}.`,
    () => drives.addHardDiskDrive(vmId, path),
    (id) => drives.removeHardDiskDrive(vmId, id),
  );
}
