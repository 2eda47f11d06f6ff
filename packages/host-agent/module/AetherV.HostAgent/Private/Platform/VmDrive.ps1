# Drives of VMs, by the cmdlets of the Hyper-V module. A drive is known by its place.

function Get-DriveId {
    <#
    .SYNOPSIS
    The contract's id of a drive that a cmdlet gave: type, number and location of its controller.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [object] $Drive)
    return "$($Drive.ControllerType)-$($Drive.ControllerNumber)-$($Drive.ControllerLocation)".ToLowerInvariant()
}

function Add-HyperVDisk {
    <#
    .SYNOPSIS
    Add-VMHardDiskDrive: the file in the first free SCSI slot. Returns the drive's id.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [object] $Machine,
        [Parameter(Mandatory)] [string] $Path
    )
    return Get-DriveId -Drive (Hyper-V\Add-VMHardDiskDrive -VM $Machine -ControllerType 'SCSI' -Path $Path -Passthru -Confirm:$false)
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

function Remove-HyperVDisk {
    <#
    .SYNOPSIS
    Remove-VMHardDiskDrive: detaches what is in this place; the file stays.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [string] $DiskId
    )
    foreach ($drive in Get-HyperVDisk -VmId $VmId) {
        if ((Get-DriveId -Drive $drive) -ceq $DiskId) { Hyper-V\Remove-VMHardDiskDrive -VMHardDiskDrive $drive -Confirm:$false }
    }
}

function Add-HyperVDvdDrive {
    <#
    .SYNOPSIS
    Add-VMDvdDrive: an empty drive in the first free slot. Returns its id.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [object] $Machine)
    return Get-DriveId -Drive (Hyper-V\Add-VMDvdDrive -VM $Machine -Passthru -Confirm:$false)
}

function Set-HyperVMedium {
    <#
    .SYNOPSIS
    Set-VMDvdDrive: puts a medium into the drive in this place; takes it out without a path.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [string] $DriveId,
        [AllowNull()] [object] $Path = $null
    )
    foreach ($drive in Get-HyperVDvdDrive -VmId $VmId) {
        if ((Get-DriveId -Drive $drive) -ceq $DriveId) { Hyper-V\Set-VMDvdDrive -VMDvdDrive $drive -Path $Path -Confirm:$false }
    }
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

function Remove-HyperVDvdDrive {
    <#
    .SYNOPSIS
    Remove-VMDvdDrive.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [object] $Drive)
    Hyper-V\Remove-VMDvdDrive -VMDvdDrive $Drive -Confirm:$false
}
