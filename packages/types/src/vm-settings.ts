import { Type, type Static } from 'typebox';
import { nullable, oneOf } from './enum.ts';
import { DisplayName } from './names.ts';
import { strict } from './operation-schema.ts';
import { UnicastMac } from './scalars.ts';

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;

/** Bytes of memory: Hyper-V allocates it in units of 2 MiB; 240 TiB is the maximum for one VM on Server 2025. */
export const MemoryBytes = Type.Integer({
  minimum: 32 * mebibyte,
  maximum: 240 * 1024 * gibibyte,
  multipleOf: 2 * mebibyte,
});

/** The virtual size of a disk in bytes, in whole MiB; 64 TiB is VHDX's maximum. */
export const DiskBytes = Type.Integer({
  minimum: 4 * mebibyte,
  maximum: 64 * 1024 * gibibyte,
  multipleOf: mebibyte,
});

/** The requested memory. With dynamic memory: minimum ≤ startup ≤ maximum (`memoryProblem`). */
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

/** The requested secure boot template, or off. */
export const SecureBootSetting = oneOf(['MicrosoftWindows', 'MicrosoftUEFICertificateAuthority', 'off']);

/** The requested number of processors; the host's own number may be a lower limit. */
export const ProcessorCount = Type.Integer({ minimum: 1, maximum: 2048 });

/** Free-text notes about a VM. */
export const Notes = Type.String({ maxLength: 8192 });

/** Settings with the same form when creating and when changing a VM. */
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

/** The specification of a new disk: empty, or a copy of an image, enlarged if `sizeBytes` requires it. */
export const NewDisk = Type.Union([
  Type.Object({ sizeBytes: DiskBytes, type: oneOf(['Fixed', 'Dynamic']) }, strict),
  Type.Object({ image: DisplayName, sizeBytes: nullable(DiskBytes) }, strict),
]);

/**
 * The specification of a new adapter: connected to a network of the host or disconnected, with a dynamic address from
 * Hyper-V's pool or a fixed one.
 */
export const NewAdapter = Type.Object(
  { network: nullable(DisplayName), macAddress: nullable(UnicastMac) },
  strict,
);

/** The requested memory. */
export type MemorySetting = Static<typeof MemorySetting>;
/** The requested secure boot template, or off. */
export type SecureBootSetting = Static<typeof SecureBootSetting>;
/** The specification of a new disk. */
export type NewDisk = Static<typeof NewDisk>;
/** The specification of a new adapter. */
export type NewAdapter = Static<typeof NewAdapter>;
