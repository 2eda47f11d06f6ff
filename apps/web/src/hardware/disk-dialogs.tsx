import { Input, Radio, RadioGroup, Text } from '@fluentui/react-components';
import type { HostResources, NewDisk, Vm, VmDisk } from '@aether-v/types';
import { useState, type ReactElement } from 'react';
import { vmOnHost } from '../actions/actions.text.ts';
import { formatBytes } from '../components/format.ts';
import { ChangeDialog } from '../vm-forms/change-dialog.tsx';
import { Choice } from '../vm-forms/choice.tsx';
import { DeletionLists } from '../vm-forms/deletion-lists.tsx';
import { FormField } from '../vm-forms/form-field.tsx';
import { diskTypeWords, formTexts } from '../vm-forms/form.text.ts';
import { resourcesHint, useResources } from '../vm-forms/resources.ts';
import { SizeField } from '../vm-forms/size-field.tsx';
import { parseSize } from '../vm-forms/sizes.ts';
import { fileName, hardwareTexts as texts } from './hardware.text.ts';

/** A form about a VM. */
export interface VmForm {
  readonly vm: Vm;
  readonly onClose: () => void;
}

/** A form about a disk of a VM. */
export interface DiskForm extends VmForm {
  readonly disk: VmDisk;
}

const ownFolder = '';

interface DiskInput {
  readonly isImage: boolean;
  readonly size: string;
  readonly type: 'Dynamic' | 'Fixed';
  readonly image: string;
}

/** Returns the disk that was specified; null while it is incomplete. */
function newDiskOf({ isImage, size, type, image }: DiskInput): NewDisk | null {
  const sizeBytes = parseSize(size);
  if (isImage) {
    const isUnreadable = size.trim() !== '' && sizeBytes === null;
    return image === '' || isUnreadable ? null : { image, sizeBytes };
  }
  return sizeBytes === null ? null : { sizeBytes, type };
}

function storageOptions(resources: HostResources | null) {
  return [
    { value: ownFolder, label: texts.ownFolder },
    ...(resources?.storageClasses ?? []).map(({ name, free }) => ({
      value: name,
      label: formTexts.free(name, free),
    })),
  ];
}

/** Adds a blank disk, or one from an image. */
export function NewDiskDialog({ vm, onClose }: VmForm): ReactElement {
  const read = useResources(vm.hostId);
  const { resources } = read;
  const [input, setInput] = useState<DiskInput>({
    isImage: false,
    size: '60 GB',
    type: 'Dynamic',
    image: '',
  });
  const [storage, setStorage] = useState(ownFolder);
  const set = (patch: Partial<DiskInput>): void => setInput({ ...input, ...patch });
  const images = resources?.images ?? [];
  const image = input.image === '' ? (images[0]?.id ?? '') : input.image;
  const disk = newDiskOf({ ...input, image });
  return (
    <ChangeDialog
      title={texts.newDiskTitle(vmOnHost(vm))}
      vm={vm}
      command="disk.create"
      change={
        disk && {
          command: 'disk.create',
          vmId: vm.id,
          options: { disk, storageClass: storage === ownFolder ? null : storage },
        }
      }
      submit={texts.addDisk(disk?.sizeBytes == null ? null : formatBytes(disk.sizeBytes))}
      fieldOf={({ code }) => (code === 'out-of-space' ? 'storageClass' : null)}
      onClose={onClose}
    >
      {({ problems }) => (
        <>
          <FormField label={texts.source} problem={undefined}>
            <RadioGroup
              layout="horizontal"
              value={input.isImage ? 'image' : 'blank'}
              onChange={(_, { value }) =>
                set({ isImage: value === 'image', size: value === 'image' ? '' : '60 GB' })
              }
            >
              <Radio value="blank" label={texts.blank} />
              <Radio
                value="image"
                label={texts.fromImage}
                disabled={resources !== null && images.length === 0}
              />
            </RadioGroup>
          </FormField>
          {input.isImage && (
            <Choice
              label={texts.image}
              hint={resourcesHint(read, vm.hostName)}
              value={image}
              options={images.map(({ id, name, virtualSize }) => ({
                value: id,
                label: texts.imageLabel(name, virtualSize),
              }))}
              onChange={(next) => set({ image: next })}
            />
          )}
          <SizeField
            label={input.isImage ? texts.enlarge : texts.size}
            hint={input.isImage ? texts.enlargeHint : texts.sizeHint}
            required={!input.isImage}
            problem={problems.fields.get('disk')}
            value={input.size}
            onChange={(size) => set({ size })}
          />
          {!input.isImage && (
            <FormField label={texts.diskType} problem={undefined}>
              <RadioGroup
                value={input.type}
                onChange={(_, { value }) => set({ type: value === 'Fixed' ? 'Fixed' : 'Dynamic' })}
              >
                <Radio value="Dynamic" label={diskTypeWords.Dynamic} />
                <Radio value="Fixed" label={diskTypeWords.Fixed} />
              </RadioGroup>
            </FormField>
          )}
          <Choice
            label={texts.storage}
            hint={resourcesHint(read, vm.hostName)}
            problem={problems.fields.get('storageClass')}
            value={storage}
            options={storageOptions(resources)}
            onChange={setStorage}
          />
        </>
      )}
    </ChangeDialog>
  );
}

/** Attaches an existing file. */
export function AttachDiskDialog({ vm, onClose }: VmForm): ReactElement {
  const { resources } = useResources(vm.hostId);
  const [path, setPath] = useState('');
  const trimmed = path.trim();
  const folders = (resources?.storageClasses ?? []).map((one) => one.path).join(', ');
  return (
    <ChangeDialog
      title={texts.attachTitle(vmOnHost(vm))}
      vm={vm}
      command="disk.attach"
      change={trimmed === '' ? null : { command: 'disk.attach', vmId: vm.id, options: { path: trimmed } }}
      submit={texts.attach(fileName(trimmed))}
      fieldOf={({ code }) => (code === 'not-found' || code === 'in-use' ? 'path' : null)}
      onClose={onClose}
    >
      {({ problems }) => (
        <FormField
          label={texts.path}
          hint={texts.pathHint(folders)}
          required
          problem={problems.fields.get('path')}
        >
          <Input value={path} maxLength={1024} onChange={(_, { value }) => setPath(value)} />
        </FormField>
      )}
    </ChangeDialog>
  );
}

/** Grows a disk. */
export function GrowDiskDialog({ vm, disk, onClose }: DiskForm): ReactElement {
  const [size, setSize] = useState('');
  const bytes = parseSize(size);
  const isTooSmall = bytes !== null && disk.size !== null && bytes <= disk.size;
  const file = fileName(disk.path);
  const now = disk.size === null ? null : formatBytes(disk.size);
  return (
    <ChangeDialog
      title={texts.growTitle(file, vmOnHost(vm))}
      vm={vm}
      command="disk.grow"
      change={
        bytes === null || isTooSmall
          ? null
          : {
              command: 'disk.grow',
              vmId: vm.id,
              options: { diskId: disk.id, path: disk.path, sizeBytes: bytes },
            }
      }
      submit={texts.growTo(bytes === null || isTooSmall ? null : formatBytes(bytes))}
      fieldOf={({ code }) => (code === 'out-of-space' ? 'sizeBytes' : null)}
      onClose={onClose}
    >
      {({ problems }) => (
        <SizeField
          label={texts.newSize}
          hint={now === null ? texts.growAnyHint : texts.growHint(now)}
          required
          problem={isTooSmall ? texts.tooSmall(now ?? '') : problems.fields.get('sizeBytes')}
          value={size}
          onChange={setSize}
        />
      )}
    </ChangeDialog>
  );
}

/** Detaches a disk; its file stays. */
export function DetachDiskDialog({ vm, disk, onClose }: DiskForm): ReactElement {
  const file = fileName(disk.path);
  return (
    <ChangeDialog
      title={texts.detachTitle(file, vmOnHost(vm))}
      vm={vm}
      command="disk.detach"
      change={{ command: 'disk.detach', vmId: vm.id, options: { diskId: disk.id, path: disk.path } }}
      submit={texts.detachNamed(file)}
      startsWithCancel
      onClose={onClose}
    >
      {() => <Text>{texts.detachBody}</Text>}
    </ChangeDialog>
  );
}

/** Detaches a disk and deletes its file. */
export function DeleteDiskDialog({ vm, disk, onClose }: DiskForm): ReactElement {
  const file = fileName(disk.path);
  return (
    <ChangeDialog
      title={texts.deleteTitle(file, vmOnHost(vm))}
      vm={vm}
      command="disk.delete"
      change={{ command: 'disk.delete', vmId: vm.id, options: { diskId: disk.id, path: disk.path } }}
      submit={texts.deleteNamed(file)}
      isDangerous
      onClose={onClose}
    >
      {({ checked }) => (
        <>
          <Text>{texts.deleteBody}</Text>
          {checked.plan && <DeletionLists vm={vm} plan={checked.plan} />}
        </>
      )}
    </ChangeDialog>
  );
}
