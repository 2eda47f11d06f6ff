# Drives of VMs, by the cmdlets of the Hyper-V module. The cmdlets may count SCSI controllers in another order than WMI lists them, so
# a drive is known by its InstanceID, which both give, and never by a number that one of them counted.

function Get-DriveKey {
    <#
    .SYNOPSIS
    The InstanceID of a drive that a cmdlet gave, as it is compared.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [object] $Drive)
    return "$($Drive.Id)".ToUpperInvariant()
}

function Read-DriveTable {
    <#
    .SYNOPSIS
    Every drive of a VM as WMI has it now, by its InstanceID as it is compared: the contract's id, and the file in it.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [string] $VmId)
    $resources = @(Get-VirtualizationInstance -ClassName 'CIM_ResourceAllocationSettingData' -Filter (New-InstanceFilter -Name $VmId))
    $own = @(foreach ($one in $resources) { if ((Get-InstanceOwner -InstanceId ([string]$one.InstanceID)) -eq $VmId) { $one } })
    return (ConvertTo-VmStorage -Resource $own -Disk @{} -Problem (Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList')).Drives
}

function Test-DriveFile {
    <#
    .SYNOPSIS
    Whether the file of a drive is this one; null stands for an empty drive.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [AllowNull()] [object] $Held,
        [Parameter(Mandatory)] [AllowNull()] [object] $Path
    )
    return (Get-PathKey -Path "$Held") -ceq (Get-PathKey -Path "$Path")
}

function Get-HyperVDisk {
    <#
    .SYNOPSIS
    Get-VMHardDiskDrive of a VM.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $VmId)
    Hyper-V\Get-VMHardDiskDrive -VM (Get-HyperVMachine -VmId $VmId)
}

function Get-HyperVDvdDrive {
    <#
    .SYNOPSIS
    Get-VMDvdDrive of a VM.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $VmId)
    Hyper-V\Get-VMDvdDrive -VM (Get-HyperVMachine -VmId $VmId)
}

function Test-DiskAttached {
    <#
    .SYNOPSIS
    Whether a VM has a file as a disk now.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [string] $Path
    )
    foreach ($drive in (Read-DriveTable -VmId $VmId).Values) { if ($drive.IsDisk -and (Test-DriveFile -Held $drive.Path -Path $Path)) { return $true } }
    return $false
}

function Add-HyperVDisk {
    <#
    .SYNOPSIS
    Add-VMHardDiskDrive: the file in the first free SCSI slot.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [object] $Machine,
        [Parameter(Mandatory)] [string] $Path
    )
    Hyper-V\Add-VMHardDiskDrive -VM $Machine -ControllerType 'SCSI' -Path $Path -Confirm:$false
}

function Remove-HyperVDisk {
    <#
    .SYNOPSIS
    Remove-VMHardDiskDrive: detaches a file from a VM; the file stays. The drive is proven at this moment: WMI says which InstanceID holds the
    file in that slot, and only the drive of that InstanceID is taken. Throws conflict where it cannot be proven.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [string] $DiskId,
        [Parameter(Mandatory)] [string] $Path
    )
    $drives = Read-DriveTable -VmId $VmId
    foreach ($drive in @(Get-HyperVDisk -VmId $VmId)) {
        if ($null -eq $drive) { continue }
        $known = $drives[(Get-DriveKey -Drive $drive)]
        if ($null -eq $known -or $known.Id -cne $DiskId -or -not (Test-DriveFile -Held $known.Path -Path $Path)) { continue }
        # The cmdlet describes a physical disk in words.
        if ($known.IsFile -and -not (Test-DriveFile -Held $drive.Path -Path $Path)) { continue }
        Hyper-V\Remove-VMHardDiskDrive -VMHardDiskDrive $drive -Confirm:$false
        return
    }
    throw (New-OperationFailure -Code 'conflict' -Message "The VM no longer has a disk $DiskId with `"$Path`". Nothing was detached." -Remedy 'Refresh the disks of the VM, then retry.')
}

function Add-HyperVDvdDrive {
    <#
    .SYNOPSIS
    Add-VMDvdDrive: an empty drive in the first free slot.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [object] $Machine)
    Hyper-V\Add-VMDvdDrive -VM $Machine -Confirm:$false
}

function Find-NewDvdDrive {
    <#
    .SYNOPSIS
    The contract's id of a DVD drive whose InstanceID was not there before; null without one.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Before
    )
    $drives = Read-DriveTable -VmId $VmId
    foreach ($key in $drives.Keys) { if (-not $drives[$key].IsDisk -and $Before -cnotcontains $key) { return $drives[$key].Id } }
    return $null
}

function Set-HyperVMedium {
    <#
    .SYNOPSIS
    Set-VMDvdDrive: puts a medium into a drive; takes it out without a path. The drive is proven by its InstanceID at this moment, and where
    -Expected is given by the medium that is in it.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [string] $DriveId,
        [AllowNull()] [object] $Path = $null,
        [AllowNull()] [object] $Expected = $null
    )
    $drives = Read-DriveTable -VmId $VmId
    foreach ($drive in @(Get-HyperVDvdDrive -VmId $VmId)) {
        if ($null -eq $drive) { continue }
        $known = $drives[(Get-DriveKey -Drive $drive)]
        if ($null -eq $known -or $known.Id -cne $DriveId) { continue }
        if ($null -ne $Expected -and -not (Test-DriveFile -Held $drive.Path -Path $Expected)) { break }
        Hyper-V\Set-VMDvdDrive -VMDvdDrive $drive -Path $Path -Confirm:$false
        return
    }
    throw (New-OperationFailure -Code 'conflict' -Message "The VM no longer has a DVD drive $DriveId with the expected medium. Nothing was changed." -Remedy 'Refresh the DVD drives of the VM, then retry.')
}

function Test-MediumIn {
    <#
    .SYNOPSIS
    Whether a drive holds this medium now; null stands for none.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [string] $DriveId,
        [Parameter(Mandatory)] [AllowNull()] [object] $Path
    )
    foreach ($drive in (Read-DriveTable -VmId $VmId).Values) { if ($drive.Id -ceq $DriveId) { return Test-DriveFile -Held $drive.Path -Path $Path } }
    return $false
}

function Remove-HyperVDvdDrive {
    <#
    .SYNOPSIS
    Remove-VMDvdDrive.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [object] $Drive)
    Hyper-V\Remove-VMDvdDrive -VMDvdDrive $Drive -Confirm:$false
}
