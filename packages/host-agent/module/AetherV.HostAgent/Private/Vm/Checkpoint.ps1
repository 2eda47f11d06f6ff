# Operations on checkpoints. Each records the state before it calls Hyper-V, so that a resumed operation can tell if the
# call took effect.

Register-Operation -Op 'checkpoint.create' -Saga 'New-SagaCheckpoint'
Register-Operation -Op 'checkpoint.apply' -Saga 'Restore-SagaCheckpoint'
Register-Operation -Op 'checkpoint.rename' -Saga 'Rename-SagaCheckpoint'
Register-Operation -Op 'checkpoint.delete' -Saga 'Remove-SagaCheckpoint'

function Select-VmCheckpoint {
    <#
    .SYNOPSIS
    Returns a checkpoint by its id; throws not-found.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [string] $CheckpointId
    )
    foreach ($one in $Vm['checkpoints']) { if ($one['id'] -ceq $CheckpointId) { return $one } }
    throw (New-OperationFailure -Code 'not-found' -Message "`"$($Vm['name'])`" has no checkpoint $CheckpointId.")
}

function Get-CheckpointSubtree {
    <#
    .SYNOPSIS
    Returns the ids of a checkpoint and all its descendants, parents first.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Checkpoint,
        [Parameter(Mandatory)] [string] $CheckpointId
    )
    $CheckpointId
    foreach ($one in $Checkpoint) { if ($one['parentId'] -ceq $CheckpointId) { Get-CheckpointSubtree -Checkpoint $Checkpoint -CheckpointId $one['id'] } }
}

function Wait-VmQuiet {
    <#
    .SYNOPSIS
    Waits until Hyper-V no longer works on the VM's checkpoints or merges its disks.
    .DESCRIPTION
    With -Merges, also waits for merges that start late: until merges were seen and no disk is left to merge, or no
    merge was seen for the settle time.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [string] $Message,
        [switch] $Merges
    )
    $isSeen = $false
    $quietUntil = (Get-MonotonicMilliseconds) + $script:SettleMilliseconds
    while ($true) {
        $condition = Get-VmCondition -VmId $VmId
        if ($null -eq $condition) { return }
        $isBusy = @('CreatingCheckpoint', 'ApplyingCheckpoint', 'DeletingCheckpoint', 'MergingDisks') -ccontains $condition.Activity
        if ($condition.Activity -ceq 'MergingDisks') { $isSeen = $true }
        if ($isBusy) { $quietUntil = (Get-MonotonicMilliseconds) + $script:SettleMilliseconds }
        if (-not $isBusy -and (-not $Merges -or (Get-MonotonicMilliseconds) -ge $quietUntil -or ($isSeen -and (Test-VmMerged -VmId $VmId)))) { return }
        Assert-SagaWaitTime -Saga $Saga -Message "$Message The operation timed out; the host is still working on this step."
        Wait-SagaTurn -Saga $Saga -Message $Message -Milliseconds $(if ($isBusy) { $script:PollMilliseconds } else { $script:SettlePollMilliseconds })
    }
}

function Test-VmMerged {
    <#
    .SYNOPSIS
    Returns true if no checkpoint disk of a VM is left to merge: the parent of each is still used by a drive or a
    checkpoint of any VM. A chain that cannot be read counts as not merged.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [string] $VmId)
    $drives = Read-DrivePath
    $heads = @{}
    foreach ($list in $drives.Values) { foreach ($path in $list) { $heads[(Get-PathKey -Path $path)] = $true } }
    $own = @(Get-List -Table $drives -Key $VmId.ToUpperInvariant())
    $disks = @{}
    Read-DiskTable -Table $disks -Path $own
    foreach ($head in $own) {
        foreach ($link in @(Get-DiskChain -Path $head -Disk $disks)) {
            if ($link -notmatch '\.avhdx?\z') { continue }
            $disk = $disks[(Get-PathKey -Path $link)]
            if ($null -ne $disk.Problem -or [string]::IsNullOrEmpty([string]$disk.ParentPath) -or -not $heads.ContainsKey((Get-PathKey -Path $disk.ParentPath))) { return $false }
        }
    }
    return $true
}

function Get-LeftCheckpoint {
    <#
    .SYNOPSIS
    Returns those of the given checkpoint ids that a VM still has.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $CheckpointId
    )
    foreach ($one in (Read-OneVm -VmId $VmId)['checkpoints']) { if ($CheckpointId -ccontains $one['id']) { $one['id'] } }
}

function Select-NewCheckpoint {
    <#
    .SYNOPSIS
    Returns the current checkpoint of the VM if it is new and has the name that Hyper-V generates or the requested one;
    null otherwise, because another process created it.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Before,
        [AllowNull()] [object] $Name = $null
    )
    foreach ($one in $Vm['checkpoints']) {
        if (-not $one['current'] -or $Before -ccontains $one['id']) { continue }
        if ($one['name'] -ceq $Name -or $one['name'].StartsWith("$($Vm['name']) - (", [System.StringComparison]::Ordinal)) { return $one }
    }
    return $null
}

function New-SagaCheckpoint {
    <#
    .SYNOPSIS
    Takes the steps of checkpoint.create. Hyper-V generates the name, so a requested name is set afterwards.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $vmId = $request['vmId']
    $facts = $Saga.Record['facts']
    $Saga.Planned = 2
    if ($null -ne $facts['before']) { Wait-VmQuiet -Saga $Saga -VmId $vmId -Message 'Waiting for the job that an earlier session started.' }
    $vm = Read-OneVm -VmId $vmId
    $made = if ($null -ne $facts['before']) { Select-NewCheckpoint -Vm $vm -Before @($facts['before']) -Name $request['name'] } else { $null }
    if ($null -eq $made) {
        Assert-Checkpointable -Context $Saga.Context -Vm $vm
        $facts['before'] = @(foreach ($one in $vm['checkpoints']) { $one['id'] })
        Invoke-SagaJobStep -Saga $Saga -Message "Take a checkpoint of `"$($vm['name'])`"." -Begin { Start-CheckpointCreation -VmId $vmId } -Wait {
            Wait-VmQuiet -Saga $Saga -VmId $vmId -Message $Message
        } -Done { $null -ne (Select-NewCheckpoint -Vm (Read-OneVm -VmId $vmId) -Before @($facts['before']) -Name $request['name']) }
        $until = (Get-MonotonicMilliseconds) + $script:SettleMilliseconds
        $made = Select-NewCheckpoint -Vm (Read-OneVm -VmId $vmId) -Before @($facts['before']) -Name $request['name']
        while ($null -eq $made -and (Get-MonotonicMilliseconds) -lt $until) {
            Wait-SagaTurn -Saga $Saga -Message 'Waiting for the checkpoint to appear.'
            $made = Select-NewCheckpoint -Vm (Read-OneVm -VmId $vmId) -Before @($facts['before']) -Name $request['name']
        }
        if ($null -eq $made) { throw (New-OperationFailure -Code 'agent-error' -Message 'Hyper-V created the checkpoint but does not list it.') }
    }
    if ($null -ne $request['name'] -and $made['name'] -cne $request['name']) {
        Rename-SagaCheckpointTo -Saga $Saga -Message "Rename the checkpoint to `"$($request['name'])`"." -CheckpointId $made['id']
    }
    $Saga.Result = [ordered]@{ vmId = $vmId; checkpoint = Select-VmCheckpoint -Vm (Read-OneVm -VmId $vmId) -CheckpointId $made['id'] }
}

function Restore-SagaCheckpoint {
    <#
    .SYNOPSIS
    Takes the steps of checkpoint.apply. Applying a checkpoint gives the VM new disk files: these tell a resumed
    operation that it was done, so that it does not discard later changes.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $vmId = $request['vmId']
    $id = $request['checkpointId']
    $facts = $Saga.Record['facts']
    if ($null -ne $facts['disks']) { Wait-VmQuiet -Saga $Saga -VmId $vmId -Message 'Waiting for the job that an earlier session started.' }
    $vm = Read-OneVm -VmId $vmId
    $checkpoint = Select-VmCheckpoint -Vm $vm -CheckpointId $id
    $disks = @(foreach ($disk in $vm['disks']) { $disk['path'] })
    $isFresh = $false
    $isChanged = $null -ne $facts['disks'] -and $disks.Length -gt 0 -and ($disks -join '|') -cne (@($facts['disks']) -join '|')
    if ($isChanged -and -not $checkpoint['current'] -and -not $facts['applied']) {
        throw (New-OperationFailure -Code 'outcome-unknown' -Message "The disks of `"$($vm['name'])`" have changed since the session of this operation ended, and another checkpoint is the current one. The checkpoint was not applied again." -Remedy 'Check the checkpoints of the VM.')
    }
    if (-not $isChanged -and -not $facts['applied']) {
        Assert-VmIdle -Context $Saga.Context -Vm $vm
        $rests = Test-VmRest -Context $Saga.Context -Vm $vm -Force $request['force'] -Purpose 'apply a checkpoint'
        $Saga.Planned = 3
        if (-not $rests) { Stop-SagaVm -Saga $Saga -Vm $vm }
        $facts['disks'] = $disks
        Invoke-SagaJobStep -Saga $Saga -Message "Apply the checkpoint `"$($checkpoint['name'])`"." -Begin { Start-CheckpointApplication -CheckpointId $id } -Wait {
            Wait-VmQuiet -Saga $Saga -VmId $vmId -Message $Message
        } -Done { Test-CheckpointApplied -VmId $vmId -Before $checkpoint -Disk $disks }
        $facts['applied'] = $true
        Save-JournalRecord -Record $Saga.Record
        $isFresh = $true
    }
    Wait-VmQuiet -Saga $Saga -VmId $vmId -Message 'Waiting for the disks of the VM to be merged.' -Merges:$isFresh
    $vm = Read-OneVm -VmId $vmId
    # Another checkpoint may have been created on top of it later.
    if ($isFresh -and -not (Select-VmCheckpoint -Vm $vm -CheckpointId $id)['current']) { throw (New-OperationFailure -Code 'agent-error' -Message "`"$($vm['name'])`" was restored, but the checkpoint is not its current one.") }
    $Saga.Result = [ordered]@{ vmId = $vmId; state = $vm['state'] }
}

function Test-CheckpointApplied {
    <#
    .SYNOPSIS
    Returns true if a checkpoint is current and the VM has other disk files than before. Without disks, true if it has
    become the current one.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Before,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Disk
    )
    $vm = Read-OneVm -VmId $VmId
    if (-not (Select-VmCheckpoint -Vm $vm -CheckpointId $Before['id'])['current']) { return $false }
    if ($Disk.Length -eq 0) { return -not $Before['current'] }
    return (@(foreach ($one in $vm['disks']) { $one['path'] }) -join '|') -cne ($Disk -join '|')
}

function Rename-SagaCheckpointTo {
    <#
    .SYNOPSIS
    Takes the step that renames a checkpoint to the name of the request.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $Message,
        [Parameter(Mandatory)] [string] $CheckpointId
    )
    $vmId = $Saga.Context.Request['vmId']
    $name = $Saga.Context.Request['name']
    Invoke-SagaStep -Saga $Saga -Message $Message -Act { Rename-HyperVCheckpoint -CheckpointId $CheckpointId -Name $name } -Done {
        (Select-VmCheckpoint -Vm (Read-OneVm -VmId $vmId) -CheckpointId $CheckpointId)['name'] -ceq $name
    }
}

function Rename-SagaCheckpoint {
    <#
    .SYNOPSIS
    Takes the steps of checkpoint.rename.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    [void] (Select-VmCheckpoint -Vm (Read-OneVm -VmId $request['vmId']) -CheckpointId $request['checkpointId'])
    Rename-SagaCheckpointTo -Saga $Saga -Message "Rename the checkpoint to `"$($request['name'])`"." -CheckpointId $request['checkpointId']
    $Saga.Result = [ordered]@{ vmId = $request['vmId']; checkpoint = Select-VmCheckpoint -Vm (Read-OneVm -VmId $request['vmId']) -CheckpointId $request['checkpointId'] }
}

function Remove-SagaCheckpoint {
    <#
    .SYNOPSIS
    Takes the steps of checkpoint.delete. Hyper-V merges the disks after it has removed the checkpoints from the tree.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $vmId = $request['vmId']
    $facts = $Saga.Record['facts']
    $Saga.Planned = 2
    if ($null -ne $facts['deleting']) { Wait-VmQuiet -Saga $Saga -VmId $vmId -Message 'Waiting for the job that an earlier session started.' }
    $vm = Read-OneVm -VmId $vmId
    $there = @(foreach ($one in $vm['checkpoints']) { $one['id'] })
    if ($null -eq $facts['deleting'] -or $there -ccontains $request['checkpointId']) {
        $checkpoint = Select-VmCheckpoint -Vm $vm -CheckpointId $request['checkpointId']
        Assert-VmIdle -Context $Saga.Context -Vm $vm
        Read-FileUse -Saga $Saga -VmId $vmId
        Assert-MergeSafe -Context $Saga.Context -Vm $vm -Use $Saga.Use
        $facts['deleting'] = @(if ($request['subtree']) { Get-CheckpointSubtree -Checkpoint $vm['checkpoints'] -CheckpointId $checkpoint['id'] } else { $checkpoint['id'] })
        Invoke-SagaJobStep -Saga $Saga -Message "Delete the checkpoint `"$($checkpoint['name'])`"." -Begin {
            Start-CheckpointRemoval -CheckpointId $checkpoint['id'] -Subtree $request['subtree']
        } -Wait { Wait-VmQuiet -Saga $Saga -VmId $vmId -Message $Message } -Done { @(Get-LeftCheckpoint -VmId $vmId -CheckpointId @($facts['deleting'])).Length -eq 0 }
    }
    if (-not $Saga.Committed) { Complete-SagaPlan -Saga $Saga }
    Wait-VmQuiet -Saga $Saga -VmId $vmId -Message 'Waiting for the disks of the VM to be merged.' -Merges
    $until = (Get-MonotonicMilliseconds) + $script:SettleMilliseconds
    while (@(Get-LeftCheckpoint -VmId $vmId -CheckpointId @($facts['deleting'])).Length -gt 0) {
        if ((Get-MonotonicMilliseconds) -ge $until) { throw (New-OperationFailure -Code 'agent-error' -Message 'Hyper-V deleted the checkpoints but still lists them.') }
        Wait-SagaTurn -Saga $Saga -Message 'Wait until it is gone.'
    }
    $Saga.Result = [ordered]@{ vmId = $vmId; deleted = @($facts['deleting']) }
}
