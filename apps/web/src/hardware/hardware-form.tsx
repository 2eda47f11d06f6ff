import type { Vm, VmDisk, VmNetworkAdapter } from '@aether-v/types';
import type { ReactElement } from 'react';
import {
  AddAdapterDialog,
  ConnectAdapterDialog,
  RemoveAdapterDialog,
  SetMacDialog,
} from './adapter-dialogs.tsx';
import {
  AttachDiskDialog,
  DeleteDiskDialog,
  DetachDiskDialog,
  GrowDiskDialog,
  NewDiskDialog,
} from './disk-dialogs.tsx';
import { EjectDvdDialog, InsertDvdDialog } from './dvd-dialogs.tsx';

/** The form that is open on the tab, with the part of the VM that it is about. */
export type HardwareForm =
  | { readonly form: 'disk.create' | 'disk.attach' | 'adapter.add' }
  | { readonly form: 'disk.grow' | 'disk.detach' | 'disk.delete'; readonly disk: VmDisk }
  | { readonly form: 'dvd.insert'; readonly driveId: string | null }
  | { readonly form: 'dvd.eject'; readonly drive: Vm['dvdDrives'][number] }
  | {
      readonly form: 'adapter.connect' | 'adapter.setMac' | 'adapter.remove';
      readonly adapter: VmNetworkAdapter;
    };

/** The open form of the tab. */
export function OpenHardwareForm({
  vm,
  open,
  onClose,
}: {
  readonly vm: Vm;
  readonly open: HardwareForm;
  readonly onClose: () => void;
}): ReactElement {
  const of = { vm, onClose };
  switch (open.form) {
    case 'disk.create':
      return <NewDiskDialog {...of} />;
    case 'disk.attach':
      return <AttachDiskDialog {...of} />;
    case 'disk.grow':
      return <GrowDiskDialog {...of} disk={open.disk} />;
    case 'disk.detach':
      return <DetachDiskDialog {...of} disk={open.disk} />;
    case 'disk.delete':
      return <DeleteDiskDialog {...of} disk={open.disk} />;
    case 'dvd.insert':
      return <InsertDvdDialog {...of} driveId={open.driveId} />;
    case 'dvd.eject':
      return <EjectDvdDialog {...of} drive={open.drive} />;
    case 'adapter.add':
      return <AddAdapterDialog {...of} />;
    case 'adapter.connect':
      return <ConnectAdapterDialog {...of} adapter={open.adapter} />;
    case 'adapter.setMac':
      return <SetMacDialog {...of} adapter={open.adapter} />;
    case 'adapter.remove':
      return <RemoveAdapterDialog {...of} adapter={open.adapter} />;
  }
}
