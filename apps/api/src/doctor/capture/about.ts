/** Stands at the head of each description, for whoever looks at it before sending it on. */
export const about = {
  what: 'A description of one Hyper-V host for the makers of Aether-V, read by fixed scripts that change nothing.',
  holds: [
    'versions of this tool, PowerShell, WinRM and Windows; culture and code pages',
    'language mode, execution policies, quotas of WinRM',
    'names and types of properties, methods and parameters of the WMI classes of Hyper-V and clustering, as Microsoft defines them',
    'names and parameters of the commands of the PowerShell modules Hyper-V and FailoverClusters',
    'which numeric states VMs are in, and how many; not which VM',
    'how long each step took, and codes and words of two provoked errors',
  ],
  leavesOut: [
    'names of machines, VMs, users, domains, clusters and switches',
    'paths, addresses, MAC addresses, identifiers and security identifiers',
    'values of any property of a VM, a disk, a network or a job, other than the numeric states',
    'credentials, which never leave this machine anyway',
  ],
  check:
    'The only free text is in faults: of it plain words are kept, and a name could be one. Look there before you send it.',
} as const;
