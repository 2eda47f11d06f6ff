import { maxDisksElsewhere, maxKeep, type VmDisk, type VmFacts } from '@aether-v/types';
import { describe, expect, test } from 'vitest';
import { disksElsewhere, filesToKeep, usesShares, type Surroundings } from '../../src/vms/files-elsewhere.ts';
import { disk, guid, vmFacts } from '../support/facts.ts';

const folder = 'C:\\ClusterStorage\\V1';

function vmWith(...disks: (string | VmDisk)[]): VmFacts {
  return vmFacts(guid(1), { disks: disks.map((one) => (typeof one === 'string' ? disk(one) : one)) });
}

const one = {
  id: guid(9),
  parentId: null,
  name: 'one',
  type: 'Standard',
  automatic: false,
  current: true,
} as const;
const withCheckpoint: VmFacts = {
  ...vmWith(disk(`${folder}\\a_1.avhdx`, { parentPath: `${folder}\\a_0.avhdx` })),
  checkpoints: [{ ...one, createdAt: '2026-01-01T00:00:00Z' }],
};

function keep(change: Partial<Surroundings>): string[] {
  return filesToKeep({
    vm: vmWith(`${folder}\\a.vhdx`),
    sharedFolders: ['C:\\ClusterStorage'],
    onNodes: [],
    onHosts: [],
    nodeIsSilent: false,
    hostIsSilent: false,
    deleteDisks: true,
    ...change,
  });
}

describe('files that stay when a VM is deleted', () => {
  test('include its own file that a VM of another node uses, however its path is written', () => {
    const other = vmWith('c:/clusterstorage/v1/A.vhdx', `${folder}\\b.vhdx`);
    expect(keep({ onNodes: [other] })).toEqual(['c:\\clusterstorage\\v1\\A.vhdx']);
  });

  test('include the parent of a disk of another node', () => {
    const child = disk(`${folder}\\child.vhdx`, { type: 'Differencing', parentPath: `${folder}\\a.vhdx` });
    expect(keep({ onNodes: [vmWith(child)] })).toEqual([`${folder}\\a.vhdx`]);
  });

  test.each([
    '\\\\?\\C:\\ClusterStorage\\V1\\a.vhdx',
    'C:\\ClusterStorage\\V1\\x\\..\\.\\a.vhdx',
    'C:\\ClusterStorage\\\\V1\\a.vhdx. ',
    '\\\\n1\\C$\\ClusterStorage\\V1\\a.vhdx',
    '\\\\n1\\ClusterStorage$\\V1\\a.vhdx',
  ])('include a file that another node uses as %s, or below its own disk', (path) => {
    expect(keep({ onNodes: [vmWith(path)] })).toEqual([`${folder}\\a.vhdx`]);
    const child = disk('D:\\child.vhdx', { type: 'Differencing', parentPath: path });
    expect(keep({ onNodes: [vmWith(child)] })).toEqual([`${folder}\\a.vhdx`]);
  });

  test.each(['C:\\CLUSTE~1\\V1\\a.vhdx', `${folder}\\A12~1.VHD`, '\\\\?\\Volume{1}\\a.vhdx'])(
    'may be any file if another node uses one as %s',
    (path) => {
      expect(keep({ onNodes: [vmWith(path)] })).toEqual(['C:\\ClusterStorage']);
    },
  );

  test('do not depend on short names elsewhere', () => {
    expect(keep({ onNodes: [vmWith('C:\\PROGRA~1\\a.vhdx', 'D:\\A12~1.VHD')] })).toEqual([]);
  });

  test('are named only for merges if no file is deleted, even with unresponsive hosts', () => {
    const base = `${folder}\\a_0.avhdx`;
    const around = { vm: withCheckpoint, onNodes: [vmWith(base)], nodeIsSilent: true, deleteDisks: false };
    expect(keep(around)).toEqual([base]);
  });

  test('exclude local files, because every host has its own drive C', () => {
    const path = 'C:\\VMs\\a.vhdx';
    expect(keep({ vm: vmWith(path), onNodes: [vmWith(path)], nodeIsSilent: true })).toEqual([
      'C:\\ClusterStorage',
    ]);
    expect(keep({ vm: vmWith(path), onNodes: [vmWith(path)] })).toEqual([]);
  });

  test('exclude physical disks, whose numbers belong to their host', () => {
    const physical = disk('PhysicalDrive2', { type: 'PassThrough', format: 'Physical' });
    expect(keep({ vm: vmWith(physical), onNodes: [vmWith(physical)] })).toEqual([]);
  });

  test('may be any file that others need if checkpoints hide the VM’s parents', () => {
    const base = `${folder}\\a.vhdx`;
    expect(keep({ vm: withCheckpoint, onNodes: [vmWith(base)] })).toEqual([base]);
    const merging = vmWith(`${folder}\\a_1.avhdx`);
    expect(keep({ vm: merging, onNodes: [vmWith(base)] })).toEqual([base]);
  });

  test('are all shared storage if a node does not respond', () => {
    expect(keep({ nodeIsSilent: true })).toEqual(['C:\\ClusterStorage']);
  });

  test('are all shared storage if more is needed than can be named', () => {
    const paths = Array.from({ length: maxKeep + 1 }, (_, at) => `${folder}\\other-${at}.vhdx`);
    const base = `${folder}\\a_0.avhdx`;
    const [first, second, ...rest] = keep({ vm: withCheckpoint, onNodes: [vmWith(...paths, base)] });
    expect(first).toBe('C:\\ClusterStorage');
    expect([second, ...rest]).toHaveLength(maxKeep - 1);
    expect(keep({ vm: withCheckpoint, onNodes: [vmWith(...paths.slice(1))] })).toHaveLength(maxKeep);
    expect(keep({ onNodes: [vmWith(...paths)] })).toEqual([]);
  });
});

describe('files that stay on file servers’ shares', () => {
  const path = '\\\\fs01\\vms\\a.vhdx';
  const alone = { vm: vmWith(path), sharedFolders: [] };

  test('include a file that any host needs, under any name of the server', () => {
    const others = [vmWith('\\\\fs01.example.com\\VMs\\a.vhdx', '\\\\fs01\\iso\\a.vhdx')];
    expect(keep({ ...alone, onHosts: others })).toEqual([path]);
    expect(keep({ ...alone, onHosts: [vmWith('\\\\fs01\\vms\\b.vhdx')] })).toEqual([]);
  });

  test('are the whole share if a host does not respond', () => {
    expect(keep({ ...alone, hostIsSilent: true })).toEqual(['\\\\fs01\\vms']);
    expect(keep({ hostIsSilent: true })).toEqual([]);
  });

  test.each([
    [path, true],
    [`${folder}\\a.vhdx`, false],
    ['\\\\?\\C:\\VMs\\a.vhdx', false],
  ])('%s is on one: %s', (file, expected) => {
    expect(usesShares(vmWith(file))).toBe(expected);
  });
});

describe('the disks of other nodes sent to the host of a VM', () => {
  const vm = vmWith(`${folder}\\a.vhdx`);
  const told = (...disks: (string | VmDisk)[]): ReturnType<typeof disksElsewhere> =>
    disksElsewhere(vm, ['C:\\ClusterStorage'], [vmWith(...disks)]);

  test('include every file of their chain with its parent', () => {
    const chain = disk(`${folder}\\b_1.avhdx`, {
      type: 'Differencing',
      parentPath: `${folder}\\b_0.avhdx`,
      ancestors: [`${folder}\\b.vhdx`],
    });
    expect(told(chain)).toEqual([
      { path: `${folder}\\b_1.avhdx`, parentPath: `${folder}\\b_0.avhdx` },
      { path: `${folder}\\b_0.avhdx`, parentPath: `${folder}\\b.vhdx` },
      { path: `${folder}\\b.vhdx`, parentPath: null },
    ]);
  });

  test('exclude disks that their own node could not read, or that are not on shared volumes', () => {
    const unread = disk(`${folder}\\b.vhdx`, { size: null });
    const physical = disk(`${folder}\\disk`, { type: 'PassThrough', size: null });
    expect(told(unread, physical, 'D:\\c.vhdx')).toEqual([]);
  });

  test.each(['disks scsi-0-0 ancestors', 'disks scsi-0-0', 'problems'])(
    'exclude disks with an unknown chain: a problem with %s',
    (part) => {
      const child = disk(`${folder}\\b.vhdx`, { type: 'Differencing', parentPath: `${folder}\\base.vhdx` });
      const id = child.id;
      const other = { ...vmWith(child), problems: [{ part: part.replace('scsi-0-0', id), message: 'x' }] };
      expect(disksElsewhere(vm, ['C:\\ClusterStorage'], [other])).toEqual([]);
    },
  );

  test('have the path used by the host of the VM, once each', () => {
    expect(told('\\\\n1\\ClusterStorage$\\V1\\b.vhdx', 'c:/clusterstorage/v1/B.vhdx')).toEqual([
      { path: 'c:\\clusterstorage\\v1\\B.vhdx', parentPath: null },
    ]);
  });

  test('are limited in number, those on the volume of the VM first', () => {
    const far = Array.from({ length: maxDisksElsewhere }, (_, at) => `C:\\ClusterStorage\\V2\\${at}.vhdx`);
    const links = told(...far, `${folder}\\b.vhdx`);
    expect(links).toHaveLength(maxDisksElsewhere);
    expect(links[0]).toEqual({ path: `${folder}\\b.vhdx`, parentPath: null });
  });
});
