# Operations on the disks of a VM.

function Select-VmDisk {
    <#
    .SYNOPSIS
    The disk in a slot, if it is the file that the caller expects there: slots are used again. Throws not-found or conflict.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [string] $DiskId,
        [AllowNull()] [object] $Path = $null
    )
    foreach ($disk in $Vm['disks']) {
        if ($disk['id'] -cne $DiskId) { continue }
        if ($null -eq $Path -or (Get-PathKey -Path $disk['path']) -ceq (Get-PathKey -Path $Path)) { return $disk }
        throw (New-OperationFailure -Code 'conflict' -Message "$DiskId is `"$($disk['path'])`" by now, not `"$Path`". Nothing was changed." -Remedy 'Look at the disks of the VM again.')
    }
    throw (New-OperationFailure -Code 'not-found' -Message "`"$($Vm['name'])`" has no disk $DiskId.")
}

function Test-DiskTaken {
    <#
    .SYNOPSIS
    Whether an earlier session of this operation was about to detach a disk, and it is detached: that much is done then.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Path
    )
    if ($null -eq $Saga.Record['facts']['detaching']) { return $false }
    foreach ($disk in $Vm['disks']) { if ((Get-PathKey -Path $disk['path']) -ceq (Get-PathKey -Path $Path)) { return $false } }
    return $true
}

function Dismount-VmDisk {
    <#
    .SYNOPSIS
    The step that detaches a disk. That it is about to be taken is noted, for who finds the disk gone afterwards.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Disk
    )
    $Saga.Record['facts']['detaching'] = $Disk['path']
    Step-Saga -Saga $Saga -Message "Detach $($Disk['path'])."
    Remove-HyperVDisk -VmId $Saga.Context.Request['vmId'] -DiskId $Disk['id']
}

function New-SagaHardDisk {
    <#
    .SYNOPSIS
    The steps of disk.create.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    if (-not $Saga.Committed) { New-SagaHardDiskFile -Saga $Saga }
    $vmId = $Saga.Context.Request['vmId']
    $path = Get-PathKey -Path $Saga.Record['facts']['last']['path']
    foreach ($disk in (Read-OneVm -VmId $vmId)['disks']) { if ((Get-PathKey -Path $disk['path']) -ceq $path) { $Saga.Result = [ordered]@{ vmId = $vmId; disk = $disk } } }
    if ($null -eq $Saga.Result) { throw (New-OperationFailure -Code 'agent-error' -Message 'Hyper-V took the disk, but does not show it.') }
}

function New-SagaHardDiskFile {
    <#
    .SYNOPSIS
    Makes the file of a disk and attaches it.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $configuration = Read-HostConfiguration
    $vm = Read-OneVm -VmId $request['vmId']
    $folder = $vm['configurationPath']
    if ($null -ne $request['storageClass']) {
        $storage = Select-ByName -List $configuration['storage_classes'] -Key 'name' -What 'storage class' -Name $request['storageClass']
        $folder = "$($storage['path'].TrimEnd('\'))\$($folder.Substring($folder.LastIndexOf('\') + 1))"
    }
    $folder = "$folder\Virtual Hard Disks"
    $plan = @{ Images = @(Read-HostImage -Configuration $configuration) }
    $needed = Get-DiskNeed -Disk $request['disk'] -Image $plan.Images
    $volume = Get-VolumeFacts -Path $folder -Volume @(Get-HostInstance -ClassName 'Win32_Volume')
    if ($null -ne $volume.Free -and $needed -gt $volume.Free) {
        throw (New-OperationFailure -Code 'out-of-space' -Message "There are $($volume.Free) bytes free for $folder; the disk needs $needed." -Remedy 'Make room there, or choose another storage.')
    }
    if ($null -ne $vm['clusterRole'] -and $volume.Kind -ne 'csv') {
        throw (New-OperationFailure -Code 'wrong-state' -Message "`"$($vm['name'])`" is clustered, and $folder is not on a shared volume." -Remedy 'Choose storage that all nodes share.')
    }
    $Saga.Planned = 4
    Add-SagaFolder -Saga $Saga -Path $folder
    Add-SagaDisk -Saga $Saga -Machine (Get-HyperVMachine -VmId $request['vmId']) -Disk $request['disk'] -Folder $folder -Plan $plan -IsLast
    Complete-SagaPlan -Saga $Saga
}

function Mount-SagaHardDisk {
    <#
    .SYNOPSIS
    The steps of disk.attach.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $path = $request['path']
    [void] (Read-OneVm -VmId $request['vmId'])
    Assert-Attachable -Path $path
    Step-Saga -Saga $Saga -Message "Attach $path." -Undo ([ordered]@{ kind = 'drive'; path = $path; vmId = $request['vmId'] })
    $diskId = Add-HyperVDisk -Machine (Get-HyperVMachine -VmId $request['vmId']) -Path $path
    $Saga.Result = [ordered]@{ vmId = $request['vmId']; disk = Select-VmDisk -Vm (Read-OneVm -VmId $request['vmId']) -DiskId $diskId }
}

function Assert-Attachable {
    <#
    .SYNOPSIS
    Refuses a file that lies outside the storage, is no disk, or that a VM or another disk stands on. Hyper-V itself finds out when
    the second of two VMs starts; two writers destroy a disk.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    $configuration = Read-HostConfiguration
    if ($null -eq (Get-StorageRoot -Configuration $configuration -Path $Path) -or -not (Test-PathPlain -Path $Path)) {
        throw (New-OperationFailure -Code 'not-found' -Message "`"$Path`" lies outside the storage classes of this host.")
    }
    if ($null -eq (Get-HostFile -Path $Path)) { throw (New-OperationFailure -Code 'not-found' -Message "There is no file `"$Path`".") }
    if ($null -eq (Get-VirtualDiskFile -Path $Path)) { throw (New-OperationFailure -Code 'not-supported' -Message "`"$Path`" is no virtual hard disk that can be read.") }
    if (Test-HostImage -Configuration $configuration -Path $Path) { throw (New-OperationFailure -Code 'in-use' -Message "`"$Path`" is an image of this host: disks are made from it." -Remedy 'Create a disk from the image.') }
    $use = Read-FileUse -Path @($Path) -Configuration $configuration
    $key = Get-PathKey -Path $Path
    foreach ($unclear in Get-List -Table $use.Users -Key '?') { throw (New-OperationFailure -Code 'in-use' -Message "`"$($unclear.Path)`" is in use, and may be `"$Path`".") }
    foreach ($user in Get-List -Table $use.Users -Key $key) { throw (New-OperationFailure -Code 'in-use' -Message "The VM $("$user".ToLowerInvariant()) uses `"$Path`"." -Remedy 'Detach it there first.') }
    foreach ($child in Get-List -Table $use.Children -Key $key) { throw (New-OperationFailure -Code 'in-use' -Message "`"$child`" stands on `"$Path`".") }
}

function Dismount-SagaHardDisk {
    <#
    .SYNOPSIS
    The steps of disk.detach.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $vm = Read-OneVm -VmId $request['vmId']
    $path = $Saga.Record['facts']['detaching']
    if (-not (Test-DiskTaken -Saga $Saga -Vm $vm -Path $request['path'])) {
        $disk = Select-VmDisk -Vm $vm -DiskId $request['diskId'] -Path $request['path']
        $path = $disk['path']
        Dismount-VmDisk -Saga $Saga -Disk $disk
    }
    $Saga.Result = [ordered]@{ vmId = $request['vmId']; path = $path }
}

function Resize-SagaHardDisk {
    <#
    .SYNOPSIS
    The steps of disk.grow. Growing to the size that it has changes nothing, so that it can be begun again.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $size = $request['sizeBytes']
    $vm = Read-OneVm -VmId $request['vmId']
    $disk = Select-VmDisk -Vm $vm -DiskId $request['diskId'] -Path $request['path']
    Assert-Growable -Vm $vm -Disk $disk -Size $size
    # An earlier session may have died before it knew the job that it had begun.
    if ($Saga.Record['facts']['growing']) { Wait-StorageJob -Saga $Saga -Message 'Wait for what an earlier session began.' }
    $Saga.Record['facts']['growing'] = $true
    $message = "Grow $($disk['path']) to $size bytes."
    Step-Saga -Saga $Saga -Message $message
    Wait-SagaAnswer -Saga $Saga -Message $message -Answer (Resize-VirtualDisk -Path $disk['path'] -Size $size)
    $disk = Select-VmDisk -Vm (Read-OneVm -VmId $request['vmId']) -DiskId $request['diskId'] -Path $request['path']
    if ($disk['size'] -ne $size) { throw (New-OperationFailure -Code 'agent-error' -Message "`"$($disk['path'])`" was grown, but shows $($disk['size']) bytes.") }
    $Saga.Result = [ordered]@{ vmId = $request['vmId']; disk = $disk }
}

function Assert-Growable {
    <#
    .SYNOPSIS
    Refuses what Resize-VHD would refuse, or would do harm by: a disk of a chain, a smaller size, a disk that is no file.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Disk,
        [Parameter(Mandatory)] [long] $Size
    )
    $path = $Disk['path']
    $chained = $Disk['type'] -ceq 'Differencing' -or @($Vm['checkpoints']).Count -gt 0
    if (-not $chained) {
        $use = Read-FileUse -Path @($path) -Configuration (Read-HostConfiguration)
        $chained = @(Get-List -Table $use.Children -Key (Get-PathKey -Path $path)).Length -gt 0
    }
    if (Test-HostImage -Configuration (Read-HostConfiguration) -Path $path) { throw (New-OperationFailure -Code 'in-use' -Message "`"$path`" is an image of this host: disks are made from it.") }
    if ($chained) { throw (New-OperationFailure -Code 'wrong-state' -Message "`"$path`" belongs to a chain of disks." -Remedy 'Delete the checkpoints of the VM first.') }
    if ($null -eq $Disk['size']) { throw (New-OperationFailure -Code 'not-supported' -Message "`"$path`" is no virtual hard disk that can be read.") }
    if ($Size -lt $Disk['size']) { throw (New-OperationFailure -Code 'not-supported' -Message "`"$path`" has $($Disk['size']) bytes: disks are not made smaller.") }
    if ($Disk['format'] -ceq 'VHD' -and $Size -gt 2040GB) { throw (New-OperationFailure -Code 'not-supported' -Message 'A VHD holds 2,040 GiB at most.') }
    $online = $Disk['controllerType'] -ceq 'SCSI' -and $Disk['format'] -ceq 'VHDX'
    if (-not $online -and $Vm['state'] -cne 'Off' -and $Vm['state'] -cne 'Saved') {
        throw (New-OperationFailure -Code 'wrong-state' -Message "`"$path`" can only grow while the VM is off: it is no VHDX on a SCSI controller." -Remedy 'Shut the VM down first.')
    }
}

function Remove-SagaHardDisk {
    <#
    .SYNOPSIS
    The steps of disk.delete: as careful as vm.delete. What is deleted is noted before the disk is detached.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $facts = $Saga.Record['facts']
    if (-not $Saga.Committed) {
        $vm = Read-OneVm -VmId $request['vmId']
        if (-not (Test-DiskTaken -Saga $Saga -Vm $vm -Path $request['path'])) {
            $disk = Select-VmDisk -Vm $vm -DiskId $request['diskId'] -Path $request['path']
            $facts['plan'] = Get-DiskDeletePlan -Vm $vm -Disk $disk -Keep $request['keep']
            $Saga.Planned = 2 + @($facts['plan']['chain']).Count
            Dismount-VmDisk -Saga $Saga -Disk $disk
        }
        Complete-SagaPlan -Saga $Saga
    }
    Remove-SagaFile -Saga $Saga -Plan $facts['plan'] -VmId $request['vmId']
    $Saga.Result = [ordered]@{ vmId = $request['vmId']; deleted = @($Saga.Deleted); remaining = @($Saga.Remaining) }
}
