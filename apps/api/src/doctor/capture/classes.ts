/** Classes of root\virtualization\v2 that the agent reads or calls. */
export const hyperVClasses = [
  'Msvm_ComputerSystem',
  'Msvm_VirtualSystemSettingData',
  'Msvm_SummaryInformation',
  'Msvm_MemorySettingData',
  'Msvm_ProcessorSettingData',
  'Msvm_StorageAllocationSettingData',
  'Msvm_ResourceAllocationSettingData',
  'Msvm_SyntheticEthernetPortSettingData',
  'Msvm_EthernetPortAllocationSettingData',
  'Msvm_EthernetSwitchPortVlanSettingData',
  'Msvm_GuestNetworkAdapterConfiguration',
  'Msvm_KvpExchangeComponent',
  'Msvm_ShutdownComponent',
  'Msvm_ConcreteJob',
] as const;

/** The service classes of the namespace, which have methods. */
export const hyperVServices = ['Msvm_VirtualSystemManagementService', 'Msvm_ImageManagementService'] as const;

/** Classes of root\MSCluster. */
export const clusterClasses = [
  'MSCluster_Cluster',
  'MSCluster_Node',
  'MSCluster_Resource',
  'MSCluster_ResourceGroup',
  'MSCluster_ClusterSharedVolume',
] as const;

/** All classes that a description covers. */
export const knownClasses: readonly string[] = [...hyperVClasses, ...hyperVServices, ...clusterClasses];

/**
 * RequestedInformation of GetSummaryInformation. Leaves out values that name a VM (such as 0, 1 and 3) and the settings
 * of its checkpoints.
 */
export const summaryInformation = [2, 4, 10, 100, 101, 103, 104, 105, 108, 109, 110, 112, 113] as const;
