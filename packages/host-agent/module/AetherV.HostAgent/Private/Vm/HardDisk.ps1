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
        $storage = Invoke-Check -Context $Saga.Context -Act { Select-ByName -List $configuration['storage_classes'] -Key 'name' -What 'storage class' -Name $request['storageClass'] }
        $folder = if ($null -eq $storage) { $null } else { "$($storage['path'].TrimEnd('\'))\$($folder.Substring($folder.LastIndexOf('\') + 1))" }
    }
    $plan = @{ Images = @(Read-HostImage -Configuration $configuration) }
    $needed = [long](Invoke-Check -Context $Saga.Context -Act { Get-DiskNeed -Disk $request['disk'] -Image $plan.Images })
    if ($null -ne $folder) {
        $folder = "$folder\Virtual Hard Disks"
        Assert-DiskRoom -Context $Saga.Context -Vm $vm -Folder $folder -Needed $needed
    }
    Assert-VmChangeable -Context $Saga.Context -Vm $vm -What 'attaching a disk' -IsScsiDisk
    Stop-Check -Context $Saga.Context -IfRefused
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
    Assert-VmChangeable -Context $Saga.Context -Vm (Read-OneVm -VmId $request['vmId']) -What 'attaching a disk' -IsScsiDisk
    Read-FileUse -Saga $Saga -Path @($path)
    Assert-Attachable -Context $Saga.Context -Path $path -Use $Saga.Use
    $undo = [ordered]@{ kind = 'drive'; path = $path; vmId = $request['vmId'] }
    Invoke-SagaStep -Saga $Saga -Message "Attach $path." -Undo $undo -Act {
        Add-HyperVDisk -Machine (Get-HyperVMachine -VmId $request['vmId']) -Path $path
    } -Done { Test-DiskAttached -VmId $request['vmId'] -Path $path }
    $Saga.Result = [ordered]@{ vmId = $request['vmId']; disk = Select-DiskByPath -Vm (Read-OneVm -VmId $request['vmId']) -Path $path }
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
        Assert-DiskDetachable -Context $Saga.Context -Vm $vm -Disk $disk
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
    Assert-Growable -Context $Saga.Context -Vm $vm -Disk $disk -Size $size -Use $Saga.Use
    # An earlier session may have died before it recorded the job that it started.
    if ($Saga.Record['facts']['growing']) { Wait-StorageJob -Saga $Saga -Message 'Waiting for the job that an earlier session started.' }
    $Saga.Record['facts']['growing'] = $true
    Resize-SagaDisk -Saga $Saga -Path $disk['path'] -Size $size
    $disk = Select-VmDisk -Vm (Read-OneVm -VmId $request['vmId']) -DiskId $request['diskId'] -Path $request['path']
    if ($disk['size'] -ne $size) { throw (New-OperationFailure -Code 'agent-error' -Message "`"$($disk['path'])`" was grown, but Hyper-V reports a size of $($disk['size']) bytes.") }
    $Saga.Result = [ordered]@{ vmId = $request['vmId']; disk = $disk }
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
            $facts['plan'] = Get-DiskDeletePlan -Context $Saga.Context -Vm $vm -Disk $disk -Use $Saga.Use
            Assert-DiskDetachable -Context $Saga.Context -Vm $vm -Disk $disk
            if ($null -ne $Saga.Context.Refusals) { $Saga.Context.Preview = Get-DeletePreview -Plan $facts['plan'] -Configuration $Saga.Use.Configuration }
            $Saga.Planned = 2 + @($facts['plan']['chain']).Count
            Dismount-VmDisk -Saga $Saga -Disk $disk
        }
        Complete-SagaPlan -Saga $Saga
    }
    Remove-SagaFile -Saga $Saga -Plan $facts['plan'] -VmId $request['vmId']
    $Saga.Result = [ordered]@{ vmId = $request['vmId']; deleted = @($Saga.Deleted); remaining = @($Saga.Remaining) }
}
