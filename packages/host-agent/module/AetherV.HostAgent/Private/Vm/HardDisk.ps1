# Operations on the disks of a VM.

Register-Operation -Op 'disk.create' -Saga 'New-SagaHardDisk'
Register-Operation -Op 'disk.attach' -Saga 'Mount-SagaHardDisk'
Register-Operation -Op 'disk.detach' -Saga 'Dismount-SagaHardDisk'
Register-Operation -Op 'disk.grow' -Saga 'Resize-SagaHardDisk'
Register-Operation -Op 'disk.delete' -Saga 'Remove-SagaHardDisk'

function Select-VmDisk {
    <#
    .SYNOPSIS
    Returns the disk in a slot if it is the expected file, because slots are reused. Throws not-found or conflict.
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
        throw (New-OperationFailure -Code 'conflict' -Message "The disk $DiskId is now `"$($disk['path'])`", not `"$Path`". Nothing was changed." -Remedy 'Refresh the disks of the VM, then retry.')
    }
    throw (New-OperationFailure -Code 'not-found' -Message "`"$($Vm['name'])`" has no disk $DiskId.")
}

function Select-DiskByPath {
    <#
    .SYNOPSIS
    Returns the disk of a VM with this file; throws agent-error if Hyper-V does not list it.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [string] $Path
    )
    foreach ($disk in $Vm['disks']) { if (Test-DriveFile -Held $disk['path'] -Path $Path) { return $disk } }
    throw (New-OperationFailure -Code 'agent-error' -Message "Hyper-V attached `"$Path`" but does not list it.")
}

function Test-DiskTaken {
    <#
    .SYNOPSIS
    Returns true if an earlier session of this operation started to detach a disk and the disk is detached.
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
    Takes the step that detaches a disk. Records it first, so that a resumed operation accepts a missing disk.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Disk
    )
    $Saga.Record['facts']['detaching'] = $Disk['path']
    $vmId = $Saga.Context.Request['vmId']
    Invoke-SagaStep -Saga $Saga -Message "Detach $($Disk['path'])." -Act {
        Remove-HyperVDisk -VmId $vmId -DiskId $Disk['id'] -Path $Disk['path']
    } -Done { -not (Test-DiskAttached -VmId $vmId -Path $Disk['path']) }
}

function New-SagaHardDisk {
    <#
    .SYNOPSIS
    Takes the steps of disk.create.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    if (-not $Saga.Committed) { New-SagaHardDiskFile -Saga $Saga }
    $vmId = $Saga.Context.Request['vmId']
    $Saga.Result = [ordered]@{ vmId = $vmId; disk = Select-DiskByPath -Vm (Read-OneVm -VmId $vmId) -Path $Saga.Record['facts']['last']['path'] }
}

function New-SagaHardDiskFile {
    <#
    .SYNOPSIS
    Creates the file of a disk and attaches it.
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
        throw (New-OperationFailure -Code 'out-of-space' -Message "The volume of $folder has $($volume.Free) bytes free, but the disk needs $needed." -Remedy 'Free up space there, or choose another storage class.')
    }
    if ($null -ne $vm['clusterRole'] -and $volume.Kind -ne 'csv') {
        throw (New-OperationFailure -Code 'wrong-state' -Message "`"$($vm['name'])`" is clustered, but $folder is not on a shared volume." -Remedy 'Choose a storage class on a shared volume.')
    }
    $Saga.Planned = 4
    Add-SagaFolder -Saga $Saga -Path $folder
    Add-SagaDisk -Saga $Saga -Machine (Get-HyperVMachine -VmId $request['vmId']) -Disk $request['disk'] -Folder $folder -Plan $plan -IsLast
    Complete-SagaPlan -Saga $Saga
}

function Mount-SagaHardDisk {
    <#
    .SYNOPSIS
    Takes the steps of disk.attach.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $path = $request['path']
    [void] (Read-OneVm -VmId $request['vmId'])
    Read-FileUse -Saga $Saga -Path @($path)
    Assert-Attachable -Path $path -Use $Saga.Use
    $undo = [ordered]@{ kind = 'drive'; path = $path; vmId = $request['vmId'] }
    Invoke-SagaStep -Saga $Saga -Message "Attach $path." -Undo $undo -Act {
        Add-HyperVDisk -Machine (Get-HyperVMachine -VmId $request['vmId']) -Path $path
    } -Done { Test-DiskAttached -VmId $request['vmId'] -Path $path }
    $Saga.Result = [ordered]@{ vmId = $request['vmId']; disk = Select-DiskByPath -Vm (Read-OneVm -VmId $request['vmId']) -Path $path }
}

function Assert-Attachable {
    <#
    .SYNOPSIS
    Throws if a file is outside the storage, is not a disk, or is used by a VM or another disk. Hyper-V detects this
    only when the second VM starts; two writers corrupt a disk.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [hashtable] $Use
    )
    $configuration = $Use.Configuration
    if ($null -eq (Get-StorageRoot -Configuration $configuration -Path $Path) -or -not (Test-PathPlain -Path $Path)) {
        throw (New-OperationFailure -Code 'not-found' -Message "`"$Path`" is outside the storage classes of this host.")
    }
    if ($null -eq (Get-HostFile -Path $Path)) { throw (New-OperationFailure -Code 'not-found' -Message "The file `"$Path`" does not exist.") }
    if (Test-HostImage -Configuration $configuration -Path $Path) { throw (New-OperationFailure -Code 'in-use' -Message "`"$Path`" is an image of this host that new disks are copied from." -Remedy 'Create a disk from the image.') }
    $key = Get-PathKey -Path $Path
    if ($Use.Elsewhere.ContainsKey($key) -or $Use.Keep -ccontains $key) { throw (New-OperationFailure -Code 'in-use' -Message "A VM on another host uses `"$Path`"." -Remedy 'Detach the disk from that VM first.') }
    if ($null -ne $Use.Disks[$key].Problem) { throw (New-OperationFailure -Code 'not-supported' -Message "`"$Path`" is not a readable virtual hard disk.") }
    foreach ($unclear in Get-List -Table $Use.Users -Key '?') { throw (New-OperationFailure -Code 'in-use' -Message "The disk `"$($unclear.Path)`" is in use and may be the same file as `"$Path`".") }
    foreach ($user in Get-List -Table $Use.Users -Key $key) { throw (New-OperationFailure -Code 'in-use' -Message "The VM $("$user".ToLowerInvariant()) uses `"$Path`"." -Remedy 'Detach the disk from that VM first.') }
    foreach ($child in Get-List -Table $Use.Children -Key $key) { throw (New-OperationFailure -Code 'in-use' -Message "`"$child`" is based on `"$Path`".") }
}

function Dismount-SagaHardDisk {
    <#
    .SYNOPSIS
    Takes the steps of disk.detach.
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
    Takes the steps of disk.grow. Growing to the current size changes nothing, so the step can be repeated.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $size = $request['sizeBytes']
    $vm = Read-OneVm -VmId $request['vmId']
    $disk = Select-VmDisk -Vm $vm -DiskId $request['diskId'] -Path $request['path']
    Read-FileUse -Saga $Saga -Path @($disk['path'])
    Assert-Growable -Vm $vm -Disk $disk -Size $size -Use $Saga.Use
    # An earlier session may have died before it recorded the job that it started.
    if ($Saga.Record['facts']['growing']) { Wait-StorageJob -Saga $Saga -Message 'Waiting for the job that an earlier session started.' }
    $Saga.Record['facts']['growing'] = $true
    Resize-SagaDisk -Saga $Saga -Path $disk['path'] -Size $size
    $disk = Select-VmDisk -Vm (Read-OneVm -VmId $request['vmId']) -DiskId $request['diskId'] -Path $request['path']
    if ($disk['size'] -ne $size) { throw (New-OperationFailure -Code 'agent-error' -Message "`"$($disk['path'])`" was grown, but Hyper-V reports a size of $($disk['size']) bytes.") }
    $Saga.Result = [ordered]@{ vmId = $request['vmId']; disk = $disk }
}

function Assert-Growable {
    <#
    .SYNOPSIS
    Throws if Resize-VHD would refuse the disk or damage others: a disk of a chain, a smaller size, a physical disk.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Disk,
        [Parameter(Mandatory)] [long] $Size,
        [Parameter(Mandatory)] [hashtable] $Use
    )
    $path = $Disk['path']
    $key = Get-PathKey -Path $path
    $chained = $Disk['type'] -ceq 'Differencing' -or @($Vm['checkpoints']).Count -gt 0
    if (-not $chained) { $chained = @(Get-List -Table $Use.Children -Key $key).Length -gt 0 }
    if (Test-HostImage -Configuration (Read-HostConfiguration) -Path $path) { throw (New-OperationFailure -Code 'in-use' -Message "`"$path`" is an image of this host that new disks are copied from.") }
    if ($chained) { throw (New-OperationFailure -Code 'wrong-state' -Message "`"$path`" is part of a chain of differencing disks and cannot be grown." -Remedy 'Delete the checkpoints of the VM first.') }
    if ($Use.Elsewhere.ContainsKey($key) -or $Use.Keep -ccontains $key) { throw (New-OperationFailure -Code 'in-use' -Message "A VM on another host uses `"$path`"." -Remedy 'Detach the disk from that VM first.') }
    if ($null -eq $Disk['size']) { throw (New-OperationFailure -Code 'not-supported' -Message "`"$path`" is not a readable virtual hard disk.") }
    if ($Size -lt $Disk['size']) { throw (New-OperationFailure -Code 'not-supported' -Message "`"$path`" has $($Disk['size']) bytes: a disk cannot be shrunk.") }
    if ($Disk['format'] -ceq 'VHD' -and $Size -gt 2040GB) { throw (New-OperationFailure -Code 'not-supported' -Message 'A VHD can hold at most 2,040 GiB.' -Remedy 'Use a VHDX disk.') }
    $online = $Disk['controllerType'] -ceq 'SCSI' -and $Disk['format'] -ceq 'VHDX'
    if (-not $online -and $Vm['state'] -cne 'Off' -and $Vm['state'] -cne 'Saved') {
        throw (New-OperationFailure -Code 'wrong-state' -Message "`"$path`" can only be grown while the VM is off, because it is not a VHDX disk on a SCSI controller." -Remedy 'Shut the VM down first.')
    }
}

function Remove-SagaHardDisk {
    <#
    .SYNOPSIS
    Takes the steps of disk.delete, with the same checks as vm.delete. Records the files to delete before it detaches
    the disk.
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
            Read-FileUse -Saga $Saga -Path @($disk['path'])
            $facts['plan'] = Get-DiskDeletePlan -Vm $vm -Disk $disk -Use $Saga.Use
            $Saga.Planned = 2 + @($facts['plan']['chain']).Count
            Dismount-VmDisk -Saga $Saga -Disk $disk
        }
        Complete-SagaPlan -Saga $Saga
    }
    Remove-SagaFile -Saga $Saga -Plan $facts['plan'] -VmId $request['vmId']
    $Saga.Result = [ordered]@{ vmId = $request['vmId']; deleted = @($Saga.Deleted); remaining = @($Saga.Remaining) }
}
