function Read-HostFacts {
    <#
    .SYNOPSIS
    Reads the facts of the host, its cluster and its switches by id.
    .DESCRIPTION
    With -Tolerant, a class that cannot be read leaves its facts empty and adds a problem, except the identity of host
    and cluster, by which VMs are known. Operations are not tolerant, because they base decisions on these facts.
    -ClusterId is the previously known id.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [switch] $Tolerant,
        [AllowNull()] [object] $ClusterId = $null
    )
    $problems = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    $given = @{ Problem = $problems; Tolerant = $Tolerant }
    $os = Read-HostPart @given -Part 'osName' -Source 'Win32_OperatingSystem' -Property 'CSName', 'Caption', 'Version', 'LastBootUpTime' -Read {
        Get-HostInstance -ClassName 'Win32_OperatingSystem'
    }
    # Both classes contain the computer name.
    $given.Tolerant = $Tolerant -and -not [string]::IsNullOrEmpty([string]$os.CSName)
    $system = Read-HostPart @given -Part 'model' -Source 'Win32_ComputerSystem' -Property 'Name', 'DNSHostName', 'Domain', 'PartOfDomain', 'Manufacturer', 'Model', 'NumberOfLogicalProcessors', 'TotalPhysicalMemory' -Read {
        Get-HostInstance -ClassName 'Win32_ComputerSystem'
    }
    if ([string]::IsNullOrEmpty([string]$system.Name)) { $system.Name = $os.CSName }
    $given.Tolerant = $Tolerant
    $processor = @(Read-HostPart @given -Part 'processorName' -Source 'Win32_Processor' -Read { Get-HostInstance -ClassName 'Win32_Processor' })
    $settings = Read-HostPart @given -Part 'defaultVmPath' -Source 'Get-VMHost' -Property 'VirtualMachinePath', 'VirtualHardDiskPath' -Read { Get-HyperVHost }
    $switches = @(Read-HostPart @given -Part 'switches' -Source 'Get-VMSwitch' -Read { Get-HyperVSwitch })
    $cluster = Read-HostPart @given -Part 'cluster' -Source 'The cluster' -Property 'Unread' -Read { Read-ClusterFacts -Problem $problems -Tolerant:$Tolerant }
    # A cluster that cannot be read still has this node as a member.
    $isUnread = $null -ne $cluster -and $cluster.Contains('Unread')
    if ($isUnread) {
        $cluster = $null
        if ($null -eq $ClusterId) { $ClusterId = Read-ClusterId }
    }
    elseif ($null -ne $cluster) { $ClusterId = $cluster['clusterId'] }
    else { $ClusterId = $null }
    $hostId = "$($system.Name)".ToLowerInvariant()
    $facts = [ordered]@{
        hostId            = $hostId
        name              = [string]$system.Name
        fqdn              = $(if ($system.PartOfDomain) { "$($system.DNSHostName).$($system.Domain)".ToLowerInvariant() } else { $null })
        clusterId         = $ClusterId
        osName            = Read-FactText -Value $os.Caption -Part 'osName' -Problem $problems
        osVersion         = Read-FactText -Value $os.Version -Part 'osVersion' -Problem $problems
        manufacturer      = Read-FactText -Value $system.Manufacturer -Part 'manufacturer' -Problem $problems
        model             = Read-FactText -Value $system.Model -Part 'model' -Problem $problems
        processorName     = $(if ($processor.Count -eq 0) { $null } else { Read-FactText -Value "$($processor[0].Name)".Trim() -Part 'processorName' -Problem $problems })
        logicalProcessors = Read-HostNumber -Value $system.NumberOfLogicalProcessors -Maximum 4096 -Part 'logicalProcessors' -Problem $problems
        memory            = Read-HostNumber -Value $system.TotalPhysicalMemory -Maximum 9007199254740991 -Part 'memory' -Problem $problems
        bootedAt          = Read-FactMoment -Value $os.LastBootUpTime -Part 'bootedAt' -Problem $problems
        defaultVmPath     = Read-FactText -Value $settings.VirtualMachinePath -Part 'defaultVmPath' -Problem $problems -IsPath
        defaultDiskPath   = Read-FactText -Value $settings.VirtualHardDiskPath -Part 'defaultDiskPath' -Problem $problems -IsPath
        switches          = Read-SwitchFact -Switch $switches -Problem $problems
        agentVersion      = $script:AgentVersion
        nodeState         = $(if ($isUnread) { 'Unknown' } else { Get-NodeState -Cluster $cluster -HostId $hostId })
        problems          = $problems.ToArray()
    }
    $names = @{}
    foreach ($one in $switches) { $names["$($one.Id)".ToUpperInvariant()] = [string]$one.Name }
    return @{ Host = $facts; Cluster = $cluster; Clustered = $null -ne $ClusterId; Switches = $names }
}

function Read-HostPart {
    <#
    .SYNOPSIS
    Reads a part of the host. With -Tolerant, an error adds a problem and returns a table whose given properties are
    null; nothing without properties. Still throws if Hyper-V is missing or does not respond.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Part,
        [Parameter(Mandatory)] [string] $Source,
        [Parameter(Mandatory)] [scriptblock] $Read,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem,
        [string[]] $Property = @(),
        [switch] $Tolerant
    )
    try { & $Read }
    catch {
        if (-not $Tolerant -or (Test-HyperVMissing -ErrorRecord $_) -or $null -ne (Get-HyperVOutage)) { throw }
        Add-FactProblem -Problem $Problem -Part $Part -Message "$Source cannot be read: $($_.Exception.Message)"
        if ($Property.Length -eq 0) { return }
        $values = [ordered]@{}
        foreach ($name in $Property) { $values[$name] = $null }
        $values
    }
}

function Read-ClusterId {
    <#
    .SYNOPSIS
    Returns the id of the cluster in the form of the contract.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param()
    return (Get-ClusterInstanceId).Trim('{', '}').ToLowerInvariant()
}

function Read-HostNumber {
    <#
    .SYNOPSIS
    Returns an integer fact of the host; 0 and a problem if the value is invalid.
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param(
        [Parameter(Mandatory)] [AllowNull()] [object] $Value,
        [Parameter(Mandatory)] [decimal] $Maximum,
        [Parameter(Mandatory)] [string] $Part,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    $number = Read-WholeNumber -Value $Value -Minimum 1 -Maximum $Maximum -Part $Part -Problem $Problem
    if ($null -eq $number) { return [long]0 }
    return $number
}

function Read-SwitchFact {
    <#
    .SYNOPSIS
    Returns the switches of the host. Leaves out a switch of unknown type and adds a problem.
    #>
    [CmdletBinding()]
    [OutputType([object[]])]
    param(
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Switch,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    $list = @(foreach ($one in $Switch) {
            $name = Read-FactText -Value $one.Name -Part 'switches name' -Problem $Problem
            if (@('External', 'Internal', 'Private') -ccontains "$($one.SwitchType)") { [ordered]@{ id = Limit-Text -Text "$($one.Id)".ToLowerInvariant(); name = $name; type = "$($one.SwitchType)" } }
            else { Add-FactProblem -Problem $Problem -Part "switches $name" -Message "The switch has the unknown type $(Get-ShownValue -Value $one.SwitchType)." }
        })
    return , (Select-WithinLimit -List $list -Maximum 256 -Part 'switches' -Problem $Problem)
}

function Get-NodeState {
    <#
    .SYNOPSIS
    Returns the state of this host in its cluster; null without a cluster.
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
    Returns the cluster facts that this node reports; null without a cluster.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem,
        [switch] $Tolerant
    )
    $cluster = Get-ClusterInstance -ClassName 'MSCluster_Cluster'
    if ($null -eq $cluster) { return $null }
    $nodes = @(foreach ($node in Get-ClusterInstance -ClassName 'MSCluster_Node') {
            $id = "$($node.Name)".ToLowerInvariant()
            if (Test-HostId -Text $id) { [ordered]@{ name = [string]$node.Name; hostId = $id; state = Read-ClusterState -Table 'clusterNodeState' -Value $node.State -Part "cluster node $id" -Problem $Problem } }
            else { Add-FactProblem -Problem $Problem -Part 'cluster nodes' -Message "A cluster node has the invalid name $(Get-ShownValue -Value $node.Name)." }
        })
    # A cluster shared volume is mounted on every node; Win32_Volume reports its file system without localization.
    $shared = @(Read-HostPart -Part 'cluster volumes' -Source 'Win32_Volume' -Problem $Problem -Tolerant:$Tolerant -Read { Get-HostInstance -ClassName 'Win32_Volume' -Filter "FileSystem='CSVFS'" })
    $volumes = @(foreach ($volume in $shared) {
            $path = "$($volume.Name)".TrimEnd('\')
            $size = Read-WholeNumber -Value $volume.Capacity -Minimum 0 -Maximum 9007199254740991 -Part "cluster volume $path" -Problem $Problem
            $free = Read-WholeNumber -Value $volume.FreeSpace -Minimum 0 -Maximum 9007199254740991 -Part "cluster volume $path" -Problem $Problem
            if ($null -eq $size -or $null -eq $free -or $path.Length -gt 1024) { continue }
            [ordered]@{ name = $path.Substring($path.LastIndexOf('\') + 1); path = $path; size = $size; free = $free }
        })
    return [ordered]@{
        clusterId       = Read-ClusterId
        name            = Read-FactText -Value $cluster.Name -Part 'cluster name' -Problem $Problem
        fqdn            = $(if ([string]::IsNullOrEmpty([string]$cluster.Fqdn)) { $null } else { Read-FactText -Value $cluster.Fqdn -Part 'cluster fqdn' -Problem $Problem })
        nodes           = Select-WithinLimit -List $nodes -Maximum 64 -Part 'cluster nodes' -Problem $Problem
        functionalLevel = ConvertTo-WholeNumber -Value $cluster.ClusterFunctionalLevel -Minimum 0 -Maximum 9007199254740991
        sharedVolumes   = Select-WithinLimit -List $volumes -Maximum 256 -Part 'cluster volumes' -Problem $Problem
    }
}

function Read-ClusterState {
    <#
    .SYNOPSIS
    Returns the name of the state of a node or group. Unknown and a problem if the number is not in the table.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Table,
        [Parameter(Mandatory)] [AllowNull()] [object] $Value,
        [string] $Part = '',
        [AllowNull()] [System.Collections.IList] $Problem = $null
    )
    $name = Get-WindowsName -Table $Table -Value $Value
    if ($null -ne $name) { return $name }
    if ($Part -ne '') { Add-FactProblem -Problem $Problem -Part $Part -Message "Windows reported the unknown state $(Get-ShownValue -Value $Value)." }
    return 'Unknown'
}

function Read-ClusterRole {
    <#
    .SYNOPSIS
    Returns the role of each clustered VM by the VM's GUID: the group of the resource whose private property VmID names
    the VM.
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
            name = [string]$group.Name; state = Read-ClusterState -Table 'clusterGroupState' -Value $group.State; ownerNode = "$($group.OwnerNode)".ToLowerInvariant()
        }
    }
    return $roles
}
