import { Type, type Static } from 'typebox';
import { nullable, oneOf } from './enum.ts';
import { DisplayName, FilePath } from './names.ts';
import { Text } from './scalars.ts';

/** The path of the host's configuration file for the agent. */
export const hostConfigurationPath = 'C:\\ProgramData\\Aether-V\\hostresources.json';

/**
 * The administrator's configuration of a host: `hostresources.json`, in the shape that hosts already have (hence the
 * underscores), extended by folders for images and media. Without the file a host offers its default paths and its
 * switches.
 */
export const HostConfiguration = Type.Object({
  version: Type.Union([Type.Integer(), Text]),
  schema_name: Type.Literal('hostresources'),
  storage_classes: Type.Array(Type.Object({ name: DisplayName, path: FilePath }), { maxItems: 64 }),
  networks: Type.Array(
    Type.Object({
      name: DisplayName,
      model: Type.Literal('vlan'),
      configuration: Type.Object({
        virtual_switch: Text,
        vlan_id: nullable(Type.Integer({ minimum: 1, maximum: 4094 })),
      }),
    }),
    { maxItems: 256 },
  ),
  virtual_machines_path: FilePath,
  images: Type.Optional(
    Type.Array(
      Type.Object({
        name: DisplayName,
        path: FilePath,
        os_family: Type.Optional(oneOf(['windows', 'linux'])),
      }),
      { maxItems: 256 },
    ),
  ),
  image_folders: Type.Optional(Type.Array(FilePath, { maxItems: 16 })),
  iso_folders: Type.Optional(Type.Array(FilePath, { maxItems: 16 })),
});

/** The administrator's configuration of a host. */
export type HostConfiguration = Static<typeof HostConfiguration>;
