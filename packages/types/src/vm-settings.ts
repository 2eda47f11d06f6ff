import { Type, type Static } from 'typebox';
import { nullable, oneOf } from './enum.ts';
import { DisplayName } from './names.ts';
import { strict } from './operation-schema.ts';
import { UnicastMac } from './scalars.ts';

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;

/** Bytes of memory: Hyper-V hands it out in pieces of 2 MiB; 240 TiB is what Server 2025 can give one VM. */
export const MemoryBytes = Type.Integer({
  minimum: 32 * mebibyte,
  maximum: 240 * 1024 * gibibyte,
  multipleOf: 2 * mebibyte,
});

/** The virtual size of a disk in bytes, in whole MiB; 64 TiB is the most that VHDX can hold. */
export const DiskBytes = Type.Integer({
  minimum: 4 * mebibyte,
  maximum: 64 * 1024 * gibibyte,
  multipleOf: mebibyte,
});

/** Memory as it is wanted. With dynamic memory: minimum, startup, maximum, none greater than the next (`memoryProblem`). */
export const MemorySetting = Type.Union([
  Type.Object({ dynamic: Type.Literal(false), startup: MemoryBytes }, strict),
  Type.Object(
    {
      dynamic: Type.Literal(true),
      startup: MemoryBytes,
      minimum: MemoryBytes,
      maximum: MemoryBytes,
      bufferPercent: Type.Integer({ minimum: 5, maximum: 2000 }),
    },
    strict,
  ),
]);

/** Secure boot as it is wanted: by whose keys, or not at all. */
export const SecureBootSetting = oneOf(['MicrosoftWindows', 'MicrosoftUEFICertificateAuthority', 'off']);

/** Processors as they are wanted; what the host has is the lower limit. */
export const ProcessorCount = Type.Integer({ minimum: 1, maximum: 2048 });

/** What people write about a VM. */
export const Notes = Type.String({ maxLength: 8192 });

/** Settings that are set like this when a VM is made, and one by one later. */
export const vmSettings = {
  processors: ProcessorCount,
  memory: MemorySetting,
  secureBoot: SecureBootSetting,
  automaticStartAction: oneOf(['Nothing', 'StartIfRunning', 'Start']),
  automaticStartDelaySeconds: Type.Integer({ minimum: 0, maximum: 86_400 }),
  automaticStopAction: oneOf(['TurnOff', 'Save', 'ShutDown']),
  checkpointType: oneOf(['Disabled', 'Standard', 'Production', 'ProductionOnly']),
  notes: Notes,
};

/** A disk to be: an empty one, or a copy of an image, grown when `sizeBytes` says so. */
export const NewDisk = Type.Union([
  Type.Object({ sizeBytes: DiskBytes, type: oneOf(['Fixed', 'Dynamic']) }, strict),
  Type.Object({ image: DisplayName, sizeBytes: nullable(DiskBytes) }, strict),
]);

/** An adapter to be: on a network of the host or unplugged, with an address of Hyper-V's own pool or a fixed one. */
export const NewAdapter = Type.Object(
  { network: nullable(DisplayName), macAddress: nullable(UnicastMac) },
  strict,
);

/** Memory as it is wanted. */
export type MemorySetting = Static<typeof MemorySetting>;
/** Secure boot as it is wanted. */
export type SecureBootSetting = Static<typeof SecureBootSetting>;
/** A disk to be. */
export type NewDisk = Static<typeof NewDisk>;
/** An adapter to be. */
export type NewAdapter = Static<typeof NewAdapter>;
