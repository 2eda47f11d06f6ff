# Operations on the clustered role of a VM.

Register-Operation -Op 'cluster.addVm' -Saga 'Add-SagaRole'
Register-Operation -Op 'cluster.removeVm' -Saga 'Remove-SagaVmRole'
Register-Operation -Op 'cluster.moveVm' -Saga 'Move-SagaRole'

# Time that a cluster may take to start or complete a move while neither node shows it.
$script:MoveGraceMilliseconds = 30000

function Add-SagaRole {
    <#
    .SYNOPSIS
    Takes the steps of cluster.addVm.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $vmId = $Saga.Context.Request['vmId']
    $vm = Read-OneVm -VmId $vmId
    if ($null -eq (Get-ClusterInstance -ClassName 'MSCluster_Cluster')) { Deny-Operation -Context $Saga.Context -Code 'wrong-state' -Message 'This host is not a cluster node.' }
    if ($null -ne $vm['clusterRole']) { Deny-Operation -Context $Saga.Context -Code 'conflict' -Message "`"$($vm['name'])`" is already a clustered role." }
    $volumes = @(Get-HostInstance -ClassName 'Win32_Volume')
    $drives = @((Read-DrivePath)[$vmId.ToUpperInvariant()])
    foreach ($path in @($vm['configurationPath']) + $drives) {
        if ($null -eq $path -or $path.StartsWith('\\', [System.StringComparison]::Ordinal)) { continue }
        if ((Get-VolumeFacts -Path $path -Volume $volumes).Kind -ne 'csv') {
            Deny-Operation -Context $Saga.Context -Code 'wrong-state' -Message "`"$path`" is not on a shared volume: other nodes could not run the VM."
        }
    }
    Assert-VmIdle -Context $Saga.Context -Vm $vm
    Add-SagaVmRole -Saga $Saga -VmId $vmId -Name $vm['name'] -Message "Make `"$($vm['name'])`" a clustered role."
    $role = (Read-OneVm -VmId $vmId)['clusterRole']
    if ($null -eq $role) { throw (New-OperationFailure -Code 'agent-error' -Message "The cluster does not list a role for `"$($vm['name'])`".") }
    $Saga.Result = [ordered]@{ vmId = $vmId; role = $role }
}

function Add-SagaVmRole {
    <#
    .SYNOPSIS
    Takes the step that makes a VM a clustered role.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [string] $Name,
        [Parameter(Mandatory)] [string] $Message
    )
    Invoke-SagaStep -Saga $Saga -Message $Message -Undo ([ordered]@{ kind = 'role'; path = $Name; vmId = $VmId; wanted = $false }) -Act {
        Add-ClusterRole -VmId $VmId -Name $Name
    } -Done { Test-ClusterRole -VmId $VmId }
}

function Test-ClusterRole {
    <#
    .SYNOPSIS
    Returns true if a VM is a clustered role.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [string] $VmId)
    return (Read-ClusterRole -Clustered $true).ContainsKey($VmId.ToUpperInvariant())
}

function Remove-SagaVmRole {
    <#
    .SYNOPSIS
    Takes the steps of cluster.removeVm; the VM stays where it is. Records the removal first, so that a resumed
    operation accepts a missing role.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $vmId = $Saga.Context.Request['vmId']
    $facts = $Saga.Record['facts']
    $vm = Read-OneVm -VmId $vmId
    if ($null -ne $vm['clusterRole'] -or -not $facts['removing']) {
        if ($null -eq $vm['clusterRole']) { Deny-Operation -Context $Saga.Context -Code 'wrong-state' -Message "`"$($vm['name'])`" is not a clustered role." }
        Assert-VmIdle -Context $Saga.Context -Vm $vm
        $facts['removing'] = $true
        Invoke-SagaStep -Saga $Saga -Message "Remove the clustered role of `"$($vm['name'])`"." -Act { Remove-ClusterRole -VmId $vmId } -Done { -not (Test-ClusterRole -VmId $vmId) }
    }
    $Saga.Result = [ordered]@{ vmId = $vmId }
}

function Move-SagaRole {
    <#
    .SYNOPSIS
    Takes the steps of cluster.moveVm. The cluster moves the role, live if the VM runs, and completes the move without
    this session.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $vmId = $Saga.Context.Request['vmId']
    $target = $Saga.Context.Request['targetHostId']
    $facts = $Saga.Record['facts']
    $Saga.Planned = 1
    $place = Get-RolePlace -VmId $vmId
    if ($null -eq $facts['from'] -or ($place.Here -and -not $place.Moving -and $place.Owner -ceq $facts['from'])) {
        $vm = Read-OneVm -VmId $vmId
        $node = Select-TargetNode -Context $Saga.Context -Vm $vm -Target $target
        Stop-Check -Context $Saga.Context -IfRefused
        $facts['from'] = "$((Get-HostInstance -ClassName 'Win32_ComputerSystem').Name)".ToLowerInvariant()
        $facts['message'] = "Move `"$($vm['name'])`" to $(if ($null -eq $target) { 'another node' } else { $node })."
        Step-Saga -Saga $Saga -Message $facts['message']
        try { Move-ClusterRole -VmId $vmId -Node $node -Live ($vm['state'] -ceq 'Running' -or $vm['state'] -ceq 'Paused') }
        catch {
            # The cluster may have accepted the move although the answer was lost.
            $reason = Limit-Text -Text ([string]$_.Exception.Message)
            $place = Get-RolePlace -VmId $vmId
            if ($place.Here -and -not $place.Moving) { throw (New-OperationFailure -Code 'wrong-state' -Message "The cluster refused to move the VM: $reason") }
        }
    }
    Wait-RoleMove -Saga $Saga -VmId $vmId -From $facts['from'] -Message $facts['message']
    $owner = (Get-RolePlace -VmId $vmId).Owner
    if ($null -ne $target -and $owner -cne $target) { throw (New-OperationFailure -Code 'agent-error' -Message "The VM was moved to $owner instead of $target.") }
    $Saga.Result = [ordered]@{ vmId = $vmId; hostId = $owner }
}

function Select-TargetNode {
    <#
    .SYNOPSIS
    Returns the name of the target node; without a target, the least used node. Refuses to move a VM that cannot be moved
    there.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [AllowNull()] [object] $Target
    )
    $name = $Vm['name']
    if ($null -eq $Vm['clusterRole']) { throw (New-OperationFailure -Code 'wrong-state' -Message "`"$name`" is not a clustered role.") }
    if ($Vm['critical']) { Deny-Operation -Context $Context -Code 'wrong-state' -Message "`"$name`" is critical: its storage is unreachable." }
    Assert-VmIdle -Context $Context -Vm $Vm
    if ($null -eq $Target) { return Select-LeastUsedNode -Except $Vm['clusterRole']['ownerNode'] }
    if ($Vm['clusterRole']['ownerNode'] -ceq $Target) { Deny-Operation -Context $Context -Code 'wrong-state' -Message "`"$name`" is already on $Target." }
    foreach ($node in Get-ClusterInstance -ClassName 'MSCluster_Node') { if ("$($node.Name)".ToLowerInvariant() -ceq $Target) { return [string]$node.Name } }
    throw (New-OperationFailure -Code 'not-found' -Message "$Target is not a node of this cluster.")
}

function Select-LeastUsedNode {
    <#
    .SYNOPSIS
    Returns the name of the other node that is up and owns the fewest groups. MoveToNewNodeParams requires a name, so
    the cluster cannot choose.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Except)
    $owned = @{}
    foreach ($group in Get-ClusterInstance -ClassName 'MSCluster_ResourceGroup') { $owned["$($group.OwnerNode)".ToLowerInvariant()] += 1 }
    $best = $null
    foreach ($node in Get-ClusterInstance -ClassName 'MSCluster_Node') {
        $id = "$($node.Name)".ToLowerInvariant()
        # State 0 is up.
        if ($id -ceq $Except -or $node.State -ne 0) { continue }
        if ($null -eq $best -or [int]$owned[$id] -lt $best.Owned) { $best = @{ Name = [string]$node.Name; Owned = [int]$owned[$id] } }
    }
    if ($null -eq $best) { throw (New-OperationFailure -Code 'wrong-state' -Message 'No other node of the cluster is up.') }
    return $best.Name
}

function Get-RolePlace {
    <#
    .SYNOPSIS
    Returns Here (the VM is on this host), Moving, and Owner (the node that owns the role; null while no node reports
    it).
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [string] $VmId)
    $condition = Get-VmCondition -VmId $VmId
    $role = (Read-ClusterRole -Clustered $true)[$VmId.ToUpperInvariant()]
    return @{
        Here = $null -ne $condition; Moving = $null -ne $condition -and $condition.Activity -ceq 'Migrating'
        Owner = $(if ($null -eq $role) { $null } else { $role['ownerNode'] })
    }
}

function Wait-RoleMove {
    <#
    .SYNOPSIS
    Follows a move until the VM has left this host and another node owns its role; throws if the VM stays.
    .DESCRIPTION
    A move is a Hyper-V job (Msvm_MigrationJob) that reports its percentage and can be cancelled. Before and after it,
    both nodes or neither may show the VM for a moment.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [string] $From,
        [Parameter(Mandatory)] [string] $Message
    )
    $idleSince = Get-HostTime
    $wasMoving = $false
    $cancelled = $false
    while ($true) {
        $place = Get-RolePlace -VmId $VmId
        if (-not $place.Here -and $null -ne $place.Owner -and $place.Owner -cne $From) { return }
        $job = Get-MigrationJob -VmId $VmId
        if ($null -ne $job) {
            Write-ProgressLine -Context $Saga.Context -Percent (Get-SagaPercent -Saga $Saga -PartOfStep ([double]$job.PercentComplete / 100)) -Message $Message
            if (-not $cancelled -and (Test-CancelMarker -Id $Saga.Record['entry']['operationId'])) {
                [void] (Stop-VmJob -JobId ([string]$job.InstanceID))
                $cancelled = $true
            }
        }
        if ($place.Moving -or $null -ne $job) { $wasMoving = $true; $idleSince = Get-HostTime }
        elseif ($wasMoving -and $place.Here -and $place.Owner -ceq $From) {
            if ($cancelled) { throw (New-OperationFailure -Code 'cancelled' -Message "$Message The move was cancelled.") }
            throw (New-OperationFailure -Code 'agent-error' -Message "$Message The move failed: the VM is still on this host." -Remedy 'Check the events of the cluster.')
        }
        elseif (((Get-HostTime) - $idleSince).TotalMilliseconds -gt $script:MoveGraceMilliseconds) {
            throw (New-OperationFailure -Code 'agent-error' -Message "$Message No move is in progress, and the VM has not arrived on another node." -Remedy 'Check the events of the cluster.')
        }
        Assert-SagaWaitTime -Saga $Saga -Message "$Message The operation timed out; the cluster is still moving the VM."
        Write-DueHeartbeat -Context $Saga.Context
        Wait-HostTime -Milliseconds $script:PollMilliseconds
    }
}
