/** Header of each description, for review before it is sent. */
export const about = {
  what: 'A description of one Hyper-V host for the developers of Aether-V, collected by fixed, read-only scripts.',
  holds: [
    'versions of this tool, PowerShell, WinRM and Windows; culture and code pages',
    'language mode, execution policies, WinRM quotas',
    'names and types of properties, methods and parameters of the WMI classes of Hyper-V and clustering, as Microsoft defines them',
    'names and parameters of the commands of the PowerShell modules Hyper-V and FailoverClusters',
    'the numeric states of VMs and their counts, without the VMs they belong to',
    'how long each step took, and codes and messages of two deliberately caused errors',
  ],
  leavesOut: [
    'names of machines, VMs, users, domains, clusters and switches',
    'paths, addresses, MAC addresses, identifiers and security identifiers',
    'values of any property of a VM, a disk, a network or a job, other than the numeric states',
    'credentials (they never leave this machine)',
  ],
  check:
    'The only free text is in error messages. Plain words in them are kept and could include a name: review them before you send the file.',
} as const;
