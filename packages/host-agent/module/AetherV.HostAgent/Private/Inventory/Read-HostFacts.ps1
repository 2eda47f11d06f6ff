$script:NodeStates = @{ 0 = 'Up'; 1 = 'Down'; 2 = 'Paused'; 3 = 'Joining' }
# MSCluster_ResourceGroup.State.
$script:RoleStates = @{ 0 = 'Online'; 1 = 'Offline'; 2 = 'Failed'; 3 = 'PartialOnline'; 4 = 'Pending' }

function Read-HostFacts {
    <#
    .SYNOPSIS
    What the host reports of itself and of its cluster, and its switches by id.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param()
    $system = Get-HostInstance -ClassName 'Win32_ComputerSystem'
    $os = Get-HostInstance -ClassName 'Win32_OperatingSystem'
    $processor = @(Get-HostInstance -ClassName 'Win32_Processor')
    $settings = Get-HyperVHost
    $switches = @(Get-HyperVSwitch)
    $cluster = Read-ClusterFacts
    $hostId = "$($system.Name)".ToLowerInvariant()
    $facts = [ordered]@{
        hostId            = $hostId
        name              = [string]$system.Name
        fqdn              = $(if ($system.PartOfDomain) { "$($system.DNSHostName).$($system.Domain)".ToLowerInvariant() } else { $null })
        clusterId         = $(if ($null -eq $cluster) { $null } else { $cluster['clusterId'] })
        osName            = [string]$os.Caption
        osVersion         = [string]$os.Version
        manufacturer      = [string]$system.Manufacturer
        model             = [string]$system.Model
        processorName     = $(if ($processor.Count -eq 0) { $null } else { "$($processor[0].Name)".Trim() })
        logicalProcessors = [long]$system.NumberOfLogicalProcessors
        memory            = [long]$system.TotalPhysicalMemory
        bootedAt          = ConvertTo-Timestamp -Time $os.LastBootUpTime
        defaultVmPath     = [string]$settings.VirtualMachinePath
        defaultDiskPath   = [string]$settings.VirtualHardDiskPath
        switches          = @(foreach ($one in $switches) { [ordered]@{ id = "$($one.Id)".ToLowerInvariant(); name = [string]$one.Name; type = [string]$one.SwitchType } })
        agentVersion      = $script:AgentVersion
        nodeState         = Get-NodeState -Cluster $cluster -HostId $hostId
    }
    $names = @{}
    foreach ($one in $switches) { $names["$($one.Id)".ToUpperInvariant()] = [string]$one.Name }
    return @{ Host = $facts; Cluster = $cluster; Switches = $names }
}

function Get-NodeState {
    <#
    .SYNOPSIS
    The state of this host in its cluster; null without one.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [AllowNull()] [object] $Cluster,
        [Parameter(Mandatory)] [string] $HostId
    )
    if ($null -eq $Cluster) { return $null }
    foreach ($node in $Cluster['nodes']) { if ($node['hostId'] -eq $HostId) { return $node['state'] } }
    return 'Unknown'
}

function Read-ClusterFacts {
    <#
    .SYNOPSIS
    What this node reports of its cluster; null without one.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param()
    $cluster = Get-ClusterInstance -ClassName 'MSCluster_Cluster'
    if ($null -eq $cluster) { return $null }
    $nodes = foreach ($node in Get-ClusterInstance -ClassName 'MSCluster_Node') {
        [ordered]@{ name = [string]$node.Name; hostId = "$($node.Name)".ToLowerInvariant(); state = Select-Named -Table $script:NodeStates -Key $node.State -Else 'Unknown' }
    }
    # A cluster shared volume is mounted on every node; its file system says so to Win32_Volume in no language.
    $volumes = foreach ($volume in Get-HostInstance -ClassName 'Win32_Volume' -Filter "FileSystem='CSVFS'") {
        $path = "$($volume.Name)".TrimEnd('\')
        [ordered]@{ name = $path.Substring($path.LastIndexOf('\') + 1); path = $path; size = [long]$volume.Capacity; free = [long]$volume.FreeSpace }
    }
    return [ordered]@{
        clusterId       = (Get-ClusterInstanceId).Trim('{', '}').ToLowerInvariant()
        name            = [string]$cluster.Name
        fqdn            = $(if ([string]::IsNullOrEmpty([string]$cluster.Fqdn)) { $null } else { [string]$cluster.Fqdn })
        nodes           = @($nodes)
        functionalLevel = $(if ($null -eq $cluster.ClusterFunctionalLevel) { $null } else { [long]$cluster.ClusterFunctionalLevel })
        sharedVolumes   = @($volumes)
    }
}

function Read-ClusterRole {
    <#
    .SYNOPSIS
    The role of each clustered VM, by the VM's GUID: the group of the resource whose private property VmID names it.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [bool] $Clustered)
    $roles = @{}
    if (-not $Clustered) { return $roles }
    $groups = @{}
    foreach ($group in Get-ClusterInstance -ClassName 'MSCluster_ResourceGroup') { $groups[[string]$group.Name] = $group }
    foreach ($resource in Get-ClusterInstance -ClassName 'MSCluster_Resource' -Filter "Type='Virtual Machine'") {
        $group = $groups[[string]$resource.OwnerGroup]
        $vmId = "$($resource.PrivateProperties.VmID)".Trim('{', '}').ToUpperInvariant()
        if ($null -eq $group -or $vmId -eq '') { continue }
        $roles[$vmId] = [ordered]@{
            name = [string]$group.Name; state = Select-Named -Table $script:RoleStates -Key $group.State -Else 'Unknown'; ownerNode = "$($group.OwnerNode)".ToLowerInvariant()
        }
    }
    return $roles
}
