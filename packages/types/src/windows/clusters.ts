import type { WindowsEnumeration } from './enumeration.ts';

// -1 arrives as UInt32 4294967295 (measured by charlespick/hyper-v-csi).

/** States of a cluster node. */
export const clusterNodeState = {
  source:
    'MSCluster_Node.State: learn.microsoft.com/previous-versions/windows/desktop/cluswmi/mscluster-node; CLUSTER_NODE_STATE (msclus.h)',
  values: {
    [-1]: 'Unknown',
    0: 'Up',
    1: 'Down',
    2: 'Paused',
    3: 'Joining',
    4294967295: 'Unknown',
  },
} as const satisfies WindowsEnumeration<string>;

/** States of a clustered role. */
export const clusterGroupState = {
  source:
    'MSCluster_ResourceGroup.State: learn.microsoft.com/windows/win32/api/msclus/ne-msclus-cluster_group_state',
  values: {
    [-1]: 'Unknown',
    0: 'Online',
    1: 'Offline',
    2: 'Failed',
    3: 'PartialOnline',
    4: 'Pending',
    4294967295: 'Unknown',
  },
} as const satisfies WindowsEnumeration<string>;

/** States of a clustered resource. */
export const clusterResourceState = {
  source:
    'MSCluster_Resource.State: learn.microsoft.com/windows/win32/api/msclus/ne-msclus-cluster_resource_state',
  values: {
    [-1]: 'Unknown',
    0: 'Inherited',
    1: 'Initializing',
    2: 'Online',
    3: 'Offline',
    4: 'Failed',
    128: 'Pending',
    129: 'OnlinePending',
    130: 'OfflinePending',
    4294967295: 'Unknown',
  },
} as const satisfies WindowsEnumeration<string>;
