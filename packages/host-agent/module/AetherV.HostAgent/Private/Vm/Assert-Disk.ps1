# What is checked before a disk is created, attached, detached or grown.

function Assert-DiskRoom {
    <#
    .SYNOPSIS
    Refuses a folder whose volume is too small, or not shared although the VM is clustered.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [string] $Folder,
        [Parameter(Mandatory)] [long] $Needed
    )
    $volume = Get-VolumeFacts -Path $Folder -Volume @(Get-HostInstance -ClassName 'Win32_Volume')
    if ($null -ne $volume.Free -and $Needed -gt $volume.Free) {
        Deny-Operation -Context $Context -Code 'out-of-space' -Message "The volume of $Folder has $($volume.Free) bytes free, but the disk needs $Needed." -Remedy 'Free up space there, or choose another storage class.'
    }
    if ($null -ne $Vm['clusterRole'] -and $volume.Kind -ne 'csv') {
        Deny-Operation -Context $Context -Code 'wrong-state' -Message "`"$($Vm['name'])`" is clustered, but $Folder is not on a shared volume." -Remedy 'Choose a storage class on a shared volume.'
    }
}

function Assert-Attachable {
    <#
    .SYNOPSIS
    Refuses a file that is outside the storage, is not a disk, or is used by a VM or another disk. Hyper-V detects this
    only when the second VM starts; two writers corrupt a disk.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [hashtable] $Use
    )
    $configuration = $Use.Configuration
    if ($null -eq (Get-StorageRoot -Configuration $configuration -Path $Path) -or -not (Test-PathPlain -Path $Path)) {
        throw (New-OperationFailure -Code 'not-found' -Message "`"$Path`" is outside the storage classes of this host.")
    }
    if ($null -eq (Get-HostFile -Path $Path)) { throw (New-OperationFailure -Code 'not-found' -Message "The file `"$Path`" does not exist.") }
    Assert-NoImage -Context $Context -Configuration $configuration -Path $Path
    $key = Get-PathKey -Path $Path
    Assert-UnusedElsewhere -Context $Context -Path $Path -Use $Use
    if ($null -ne $Use.Disks[$key].Problem) { Deny-Operation -Context $Context -Code 'not-supported' -Message "`"$Path`" is not a readable virtual hard disk." }
    foreach ($unclear in @(Get-List -Table $Use.Users -Key '?')) { Deny-Operation -Context $Context -Code 'in-use' -Message "The disk `"$($unclear.Path)`" is in use and may be the same file as `"$Path`"." }
    foreach ($user in @(Select-Distinct -List @(Get-List -Table $Use.Users -Key $key))) { Deny-Operation -Context $Context -Code 'in-use' -Message "The VM $("$user".ToLowerInvariant()) uses `"$Path`"." -Remedy 'Detach the disk from that VM first.' }
    foreach ($child in @(Select-Distinct -List @(Get-List -Table $Use.Children -Key $key))) { Deny-Operation -Context $Context -Code 'in-use' -Message "`"$child`" is based on `"$Path`"." }
}

function Select-Distinct {
    <#
    .SYNOPSIS
    Returns each text of a list once, case-insensitive.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $List)
    $seen = @{}
    foreach ($one in $List) {
        if ($seen.ContainsKey("$one")) { continue }
        $seen["$one"] = $true
        "$one"
    }
}

function Assert-NoImage {
    <#
    .SYNOPSIS
    Refuses a file that is an image of this host.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Configuration,
        [Parameter(Mandatory)] [string] $Path
    )
    if (Test-HostImage -Configuration $Configuration -Path $Path) { Deny-Operation -Context $Context -Code 'in-use' -Message "`"$Path`" is an image of this host that new disks are copied from." -Remedy 'Create a disk from the image.' }
}

function Assert-UnusedElsewhere {
    <#
    .SYNOPSIS
    Refuses a file that a VM on another host uses.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [hashtable] $Use
    )
    $key = Get-PathKey -Path $Path
    if ($Use.Elsewhere.ContainsKey($key) -or $Use.Keep -ccontains $key) { Deny-Operation -Context $Context -Code 'in-use' -Message "A VM on another host uses `"$Path`"." -Remedy 'Detach the disk from that VM first.' }
}

function Assert-DiskDetachable {
    <#
    .SYNOPSIS
    Refuses to detach a disk that the current state of the VM holds.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Disk
    )
    $isScsi = $Disk['controllerType'] -ceq 'SCSI'
    Assert-VmChangeable -Context $Context -Vm $Vm -What 'detaching a disk' -IsScsiDisk:$isScsi -IsIde:(-not $isScsi)
}

function Assert-Growable {
    <#
    .SYNOPSIS
    Refuses a disk that Resize-VHD would refuse or that would damage others: a disk of a chain, a smaller size, a
    physical disk.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Disk,
        [Parameter(Mandatory)] [long] $Size,
        [Parameter(Mandatory)] [hashtable] $Use
    )
    $path = $Disk['path']
    $chained = $Disk['type'] -ceq 'Differencing' -or @($Vm['checkpoints']).Count -gt 0
    if (-not $chained) { $chained = @(Get-List -Table $Use.Children -Key (Get-PathKey -Path $path)).Length -gt 0 }
    Assert-NoImage -Context $Context -Configuration $Use.Configuration -Path $path
    if ($chained) { Deny-Operation -Context $Context -Code 'wrong-state' -Message "`"$path`" is part of a chain of differencing disks and cannot be grown." -Remedy 'Delete the checkpoints of the VM first.' }
    Assert-UnusedElsewhere -Context $Context -Path $path -Use $Use
    if ($null -eq $Disk['size']) { throw (New-OperationFailure -Code 'not-supported' -Message "`"$path`" is not a readable virtual hard disk.") }
    if ($Size -lt $Disk['size']) { Deny-Operation -Context $Context -Code 'not-supported' -Message "`"$path`" has $($Disk['size']) bytes: a disk cannot be shrunk." }
    if ($Disk['format'] -ceq 'VHD' -and $Size -gt 2040GB) { Deny-Operation -Context $Context -Code 'not-supported' -Message 'A VHD can hold at most 2,040 GiB.' -Remedy 'Use a VHDX disk.' }
    $online = $Disk['controllerType'] -ceq 'SCSI' -and $Disk['format'] -ceq 'VHDX'
    if (-not $online -and $Vm['state'] -cne 'Off' -and $Vm['state'] -cne 'Saved') {
        Deny-Operation -Context $Context -Code 'wrong-state' -Message "`"$path`" can only be grown while the VM is off, because it is not a VHDX disk on a SCSI controller." -Remedy 'Shut the VM down first.'
    }
    $growth = $Size - $Disk['size']
    if ($Disk['type'] -cne 'Fixed' -or $growth -le 0) { return }
    $volume = Get-VolumeFacts -Path $path -Volume @(Get-HostInstance -ClassName 'Win32_Volume')
    if ($null -ne $volume.Free -and $growth -gt $volume.Free) {
        Deny-Operation -Context $Context -Code 'out-of-space' -Message "The volume of $path has $($volume.Free) bytes free, but the disk needs $growth." -Remedy 'Free up space there.'
    }
}
