import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holdsTest } from './support/holds-test.ts';

const root = join(import.meta.dirname, '../..');

/** Tests that call operations of the API and check their effect: a file, a title, and the operations. */
const exercises: readonly (readonly [file: string, title: string, operations: string])[] = [
  ['tools/test/api/reads.test.ts', 'GET /vms lists the VMs of all hosts as the hosts have them', 'listVms'],
  [
    'tools/test/api/reads.test.ts',
    'GET /vms/{vmId} returns the disks and adapters that the host has',
    'getVm',
  ],
  [
    'tools/test/api/reads.test.ts',
    'GET /hosts, /hosts/{hostId}, /clusters, /clusters/{clusterId} and /inventory agree with the hosts',
    'listHosts getHost listClusters getCluster getInventory',
  ],
  [
    'tools/test/api/vm-changes.test.ts',
    'POST /vms/{vmId}/%s leaves the VM in the state %s',
    'startVm shutdownVm stopVm restartVm resetVm saveVm pauseVm resumeVm',
  ],
  [
    'tools/test/api/vm-changes.test.ts',
    'PATCH /vms/{vmId} changes the settings if the caller has seen the current ones',
    'updateVm',
  ],
  [
    'tools/test/api/vm-changes.test.ts',
    'DELETE /vms/{vmId} deletes the VM and the files that its plan names',
    'deleteVm',
  ],
  [
    'tools/test/api/vm-changes.test.ts',
    'POST /vms/delete deletes the VM of the named host only',
    'deleteVmByName',
  ],
  [
    'tools/test/api/vm-changes.test.ts',
    'POST /vms/{vmId}/move moves a running VM to the named node',
    'moveVm',
  ],
  [
    'tools/test/api/vm-changes.test.ts',
    'DELETE and POST /vms/{vmId}/cluster-role remove and add the clustered role',
    'addClusterRole removeClusterRole',
  ],
  [
    'tools/test/api/creation.test.ts',
    'POST /vms creates a VM from an image on the node with the most free memory, as its plan says',
    'createVm',
  ],
  ['tools/test/api/creation.test.ts', 'POST /vms/create creates a VM', 'createVmByName'],
  [
    'tools/test/api/creation.test.ts',
    'GET /hosts/{hostId}/resources returns what new VMs can use',
    'getHostResources',
  ],
  [
    'tools/test/api/creation.test.ts',
    'POST /hosts/{hostId}/test has a plan and tests the connection',
    'testHost',
  ],
  [
    'tools/test/api/disks.test.ts',
    'POST /disks creates a disk from an image, and an empty disk',
    'createDisk',
  ],
  [
    'tools/test/api/disks.test.ts',
    'POST /disks/{diskId}/detach keeps the file, and POST /disks/attach attaches it again',
    'attachDisk detachDisk',
  ],
  ['tools/test/api/disks.test.ts', 'POST /disks/{diskId}/grow sets the size of the disk', 'growDisk'],
  [
    'tools/test/api/disks.test.ts',
    'DELETE /disks/{diskId} detaches the disk and deletes the file that its plan names',
    'deleteDisk',
  ],
  [
    'tools/test/api/disks.test.ts',
    'POST /dvd/insert and /dvd/eject change the medium of the drive',
    'insertDvd ejectDvd',
  ],
  [
    'tools/test/api/network-adapters.test.ts',
    'POST /network-adapters adds an adapter with its network and VLAN',
    'addAdapter',
  ],
  [
    'tools/test/api/network-adapters.test.ts',
    'POST /network-adapters/{adapterId}/connect changes the network, sets the VLAN, and disconnects',
    'connectAdapter',
  ],
  [
    'tools/test/api/network-adapters.test.ts',
    'POST /network-adapters/{adapterId}/mac sets the MAC address',
    'setMac',
  ],
  [
    'tools/test/api/network-adapters.test.ts',
    'DELETE /network-adapters/{adapterId} removes the adapter',
    'removeAdapter',
  ],
  [
    'tools/test/api/checkpoints.test.ts',
    'POST /checkpoints takes checkpoints, each based on the previous one',
    'createCheckpoint',
  ],
  ['tools/test/api/checkpoints.test.ts', 'GET /checkpoints returns the tree with sizes', 'listCheckpoints'],
  [
    'tools/test/api/checkpoints.test.ts',
    'PATCH /checkpoints/{checkpointId} renames the checkpoint',
    'renameCheckpoint',
  ],
  [
    'tools/test/api/checkpoints.test.ts',
    'POST /checkpoints/{checkpointId}/apply makes the checkpoint current',
    'applyCheckpoint',
  ],
  [
    'tools/test/api/checkpoints.test.ts',
    'DELETE /checkpoints/{checkpointId} deletes the checkpoint alone, or with its subtree',
    'deleteCheckpoint',
  ],
  ['apps/api/test/vms/vms.test.ts', 'returns the latest usage sample, or 404 without one', 'getVmUsage'],
  [
    'tools/test/api/jobs.test.ts',
    'POST /vms/bulk turns off the VMs of several hosts, and leaves out a VM that is off',
    'runBulk',
  ],
  ['apps/api/test/jobs/jobs.test.ts', 'returns jobs newest first, filtered and page by page', 'listJobs'],
  [
    'apps/api/test/jobs/jobs.test.ts',
    'creates a job with the id of the host’s operation, with progress, log and end',
    'getJob getJobLog',
  ],
  [
    'tools/test/api/jobs.test.ts',
    'POST /jobs/{jobId}/cancel ends a creation in progress, and its VM and files are removed',
    'cancelJob',
  ],
  [
    'tools/test/api/jobs.test.ts',
    'POST /jobs/{jobId}/acknowledge takes a failed job off the open failures, and changes no host',
    'acknowledgeJob',
  ],
  [
    'apps/api/test/events/events-http.test.ts',
    'leaves no gap after a GET when resumed from its version',
    'followFleet',
  ],
  [
    'apps/api/test/about/about.test.ts',
    'GET /about states the versions of the service, its agent and Node, and when it started',
    'getAbout',
  ],
  [
    'apps/api/test/about/about.test.ts',
    'GET /oss-licenses names every direct dependency of the service and the console, with its text',
    'getOssLicenses',
  ],
  [
    'apps/api/test/about/about.test.ts',
    'the diagnostics show the session, circuit breaker and agent of each host',
    'getDiagnostics',
  ],
  [
    'apps/api/test/http/security/browser-protection.test.ts',
    'the probe %s accepts every host name',
    'getHealth getReadiness',
  ],
  [
    'apps/api/test/auth/accounts/account-sign-in.test.ts',
    'begins a session with the role of the account, and records it',
    'signInWithPassword',
  ],
  [
    'apps/api/test/auth/me.test.ts',
    '/auth/me describes the local administrator while there is no sign-in',
    'getMe',
  ],
  ['apps/api/test/auth/sign-in.test.ts', 'records who has signed in', 'login completeLogin'],
  [
    'apps/api/test/auth/sign-in.test.ts',
    'is listed with the others of the person, and ended by one of them',
    'listMySessions endMySession',
  ],
  [
    'apps/api/test/auth/sign-in.test.ts',
    'ends the session, whose copied cookie is refused, and names the sign-out page of the provider',
    'signOut',
  ],
  ['apps/api/test/vm-control/wire.test.ts', 'lists the names of VMs', 'listVmNames'],
  [
    'apps/api/test/vm-control/wire.test.ts',
    'POST /vm/%s runs %s',
    'startVmByName shutdownVmByName restartVmByName',
  ],
  [
    'tools/test/api/jobs.test.ts',
    'POST /jobs/{jobId}/retry repeats a failed creation, which creates the VM once its name is free',
    'retryJob',
  ],
  [
    'apps/api/test/audit/audit-http.test.ts',
    'shows the head of the chain to principals with the permission audit only',
    'getAuditHead',
  ],
  [
    'apps/api/test/audit/audit-http.test.ts',
    'lists records to principals with the permission audit only',
    'listAuditRecords',
  ],
  ['apps/api/test/events/events-http.test.ts', 'selects the samples of the stream', 'setStreamInterest'],
];

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
}

const { paths } = JSON.parse(
  readFileSync(join(root, 'packages/api-client/openapi.json'), 'utf8'),
) as Document;
const operations = Object.values(paths).flatMap((item) => Object.values(item).map((one) => one.operationId));

test('every operation of the OpenAPI document is listed with a test that calls it', () => {
  const exercised = exercises.flatMap(([, , names]) => names.split(' '));
  expect(exercised.toSorted()).toEqual(operations.toSorted());
});

test.each(exercises)('the test exists: %s › %s', (file, title) => {
  expect(holdsTest(readFileSync(join(root, file), 'utf8'), title)).toBe(true);
});
