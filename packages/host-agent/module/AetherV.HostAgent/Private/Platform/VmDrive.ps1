# Drives of VMs, by the cmdlets of the Hyper-V module. Cmdlets and WMI may number SCSI controllers differently, so
# drives are identified by InstanceID, which both report.

function Get-DriveKey {
    <#
    .SYNOPSIS
    Returns the InstanceID of a drive object in upper case, for comparison.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [object] $Drive)
    return "$($Drive.Id)".ToUpperInvariant()
}

function Read-DriveTable {
    <#
    .SYNOPSIS
    Reads the current drives of a VM from WMI: contract id and file by InstanceID in upper case.
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
    Returns true if a drive holds this file; null stands for an empty drive.
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
    Calls Get-VMHardDiskDrive for a VM.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $VmId)
    Hyper-V\Get-VMHardDiskDrive -VM (Get-HyperVMachine -VmId $VmId)
}

function Get-HyperVDvdDrive {
    <#
    .SYNOPSIS
    Calls Get-VMDvdDrive for a VM.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $VmId)
    Hyper-V\Get-VMDvdDrive -VM (Get-HyperVMachine -VmId $VmId)
}

function Test-DiskAttached {
    <#
    .SYNOPSIS
    Returns true if a file is attached to a VM as a disk.
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
    Calls Add-VMHardDiskDrive with a file, in the first free SCSI slot.
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
    Calls Remove-VMHardDiskDrive: detaches a file from a VM; the file stays. Verifies by WMI that the InstanceID holds
    the file in that slot, and throws conflict if it does not.
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
        # The cmdlet returns a description instead of a path for a physical disk.
        if ($known.IsFile -and -not (Test-DriveFile -Held $drive.Path -Path $Path)) { continue }
        Hyper-V\Remove-VMHardDiskDrive -VMHardDiskDrive $drive -Confirm:$false
        return
    }
    throw (New-OperationFailure -Code 'conflict' -Message "The VM no longer has a disk $DiskId with `"$Path`". Nothing was detached." -Remedy 'Refresh the disks of the VM, then retry.')
}

function Add-HyperVDvdDrive {
    <#
    .SYNOPSIS
    Calls Add-VMDvdDrive: adds an empty drive in the first free slot.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [object] $Machine)
    Hyper-V\Add-VMDvdDrive -VM $Machine -Confirm:$false
}

function Find-NewDvdDrive {
    <#
    .SYNOPSIS
    Returns the contract id of a DVD drive whose InstanceID is new; null if there is none.
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
    Calls Set-VMDvdDrive: inserts a medium into a drive, or ejects it without -Path. Verifies the InstanceID of the
    drive, and with -Expected the medium in it.
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
    Returns true if a drive holds this medium; null stands for an empty drive.
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
    Calls Remove-VMDvdDrive.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [object] $Drive)
    Hyper-V\Remove-VMDvdDrive -VMDvdDrive $Drive -Confirm:$false
}
