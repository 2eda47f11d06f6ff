# A drive hangs on a controller and holds a medium; each names the one above it in Parent, a WMI path whose InstanceID is
# escaped (Msvm_ResourceAllocationSettingData, Msvm_StorageAllocationSettingData).
$script:ControllerTypes = @{
    'Microsoft:Hyper-V:Emulated IDE Controller'      = 'IDE'
    'Microsoft:Hyper-V:Synthetic SCSI Controller'    = 'SCSI'
    'Microsoft:Hyper-V:Persistent Memory Controller' = 'PMEM'
    'Microsoft:Hyper-V:Emulated Diskette Controller' = 'Floppy'
}
$script:DiskDrives = @('Microsoft:Hyper-V:Synthetic Disk Drive', 'Microsoft:Hyper-V:Physical Disk Drive')
$script:DvdDrives = @('Microsoft:Hyper-V:Synthetic DVD Drive', 'Microsoft:Hyper-V:Physical DVD Drive')
$script:Media = @('Microsoft:Hyper-V:Virtual Hard Disk', 'Microsoft:Hyper-V:Virtual CD/DVD Disk')

function ConvertTo-VmStorage {
    <#
    .SYNOPSIS
    Disks and DVD drives of a VM, on their controllers, and the id of each drive by its InstanceID.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Resource,
        [Parameter(Mandatory)] [hashtable] $Disk
    )
    $controllers = Get-ControllerTable -Resource $Resource
    $media = @{}
    foreach ($one in $Resource) {
        if ($script:Media -contains $one.ResourceSubType) { $media[(Get-ParentId -Parent $one.Parent)] = $one }
    }
    $ids = @{}
    $disks = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    $dvdDrives = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($drive in $Resource) {
        $isDisk = $script:DiskDrives -contains $drive.ResourceSubType
        if (-not $isDisk -and $script:DvdDrives -notcontains $drive.ResourceSubType) { continue }
        $controller = $controllers[(Get-ParentId -Parent $drive.Parent)]
        if ($null -eq $controller) { continue }
        $place = [ordered]@{
            id = "$($controller.Type.ToLowerInvariant())-$($controller.Number)-$($drive.AddressOnParent)"
            controllerType = $controller.Type; controllerNumber = $controller.Number; controllerLocation = [long]$drive.AddressOnParent
        }
        $ids[[string]$drive.InstanceID] = $place['id']
        $medium = $media[[string]$drive.InstanceID]
        $path = Get-MediumPath -Drive $drive -Medium $medium
        if (-not $isDisk) { $place['path'] = $path; [void] $dvdDrives.Add($place) }
        elseif ($null -ne $path) { [void] $disks.Add((ConvertTo-VmDisk -Place $place -Path $path -Medium $medium -Disk $Disk)) }
    }
    return @{ Disks = $disks.ToArray(); DvdDrives = $dvdDrives.ToArray(); Ids = $ids }
}

function Get-ControllerTable {
    <#
    .SYNOPSIS
    Type and number of each controller by its InstanceID. IDE controllers have their number as Address; the others are counted, as
    Get-VMScsiController does.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Resource)
    $table = @{}
    $counts = @{ SCSI = [long]0; PMEM = [long]0; Floppy = [long]0 }
    foreach ($one in $Resource) {
        if (-not $script:ControllerTypes.ContainsKey([string]$one.ResourceSubType)) { continue }
        $type = $script:ControllerTypes[[string]$one.ResourceSubType]
        if ($type -eq 'IDE') { $number = [long]$one.Address }
        else { $number = $counts[$type]; $counts[$type] = $number + 1 }
        $table[[string]$one.InstanceID] = @{ Type = $type; Number = $number }
    }
    return $table
}

function Get-ParentId {
    <#
    .SYNOPSIS
    The InstanceID in a WMI path, without the path's escapes.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [AllowNull()] [object] $Parent)
    $found = [System.Text.RegularExpressions.Regex]::Match("$Parent", 'InstanceID="((?:[^"\\]|\\.)*)"')
    if (-not $found.Success) { return '' }
    return [System.Text.RegularExpressions.Regex]::Replace($found.Groups[1].Value, '\\(.)', '$1')
}

function Get-MediumPath {
    <#
    .SYNOPSIS
    The file in a drive, or the physical disk behind it; null for an empty drive.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [object] $Drive,
        [Parameter(Mandatory)] [AllowNull()] [object] $Medium
    )
    $holder = if ($null -ne $Medium) { $Medium } else { $Drive }
    $resources = @($holder.HostResource)
    if ($resources.Count -eq 0 -or [string]::IsNullOrEmpty([string]$resources[0])) { return $null }
    return [string]$resources[0]
}

function ConvertTo-VmDisk {
    <#
    .SYNOPSIS
    One disk. What its file would say is null, and its kind is taken from its name, while the file cannot be read.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Place,
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [AllowNull()] [object] $Medium,
        [Parameter(Mandatory)] [hashtable] $Disk
    )
    $fact = [ordered]@{
        path = $Path; format = 'VHDX'; type = 'Dynamic'; size = $null; fileSize = $null; parentPath = $null
        shared = $null -ne $Medium -and $Medium.PersistentReservationsSupported -eq $true
    }
    $file = $Disk[$Path.ToUpperInvariant()]
    $extension = [System.Text.RegularExpressions.Regex]::Match($Path, '\.[^.\\]*\z').Value.ToLowerInvariant()
    if ($null -eq $Medium) { $fact['format'] = 'Physical'; $fact['type'] = 'PassThrough' }
    elseif ($null -ne $file) {
        $fact['format'] = [string]$file.VhdFormat
        $fact['type'] = [string]$file.VhdType
        $fact['size'] = [long]$file.Size
        $fact['fileSize'] = [long]$file.FileSize
        $fact['parentPath'] = $(if ([string]::IsNullOrEmpty([string]$file.ParentPath)) { $null } else { [string]$file.ParentPath })
    }
    else {
        $formats = @{ '.vhd' = 'VHD'; '.avhd' = 'VHD'; '.vhds' = 'VHDSet' }
        if ($formats.ContainsKey($extension)) { $fact['format'] = $formats[$extension] }
        if ($extension.StartsWith('.avhd')) { $fact['type'] = 'Differencing' }
    }
    $whole = [ordered]@{}
    foreach ($part in $Place, $fact) { foreach ($entry in $part.GetEnumerator()) { $whole[[string]$entry.Key] = $entry.Value } }
    return $whole
}

function Get-DiskPath {
    <#
    .SYNOPSIS
    The files of all virtual hard disks of these VMs.
    #>
    [CmdletBinding()]
    [OutputType([string[]])]
    param([Parameter(Mandatory)] [hashtable] $Source)
    $paths = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($id in $Source.Order) {
        foreach ($one in Get-List -Table $Source.Resources -Key $id) {
            if ($one.ResourceSubType -ne 'Microsoft:Hyper-V:Virtual Hard Disk') { continue }
            foreach ($path in @($one.HostResource)) { if (-not [string]::IsNullOrEmpty([string]$path)) { [void] $paths.Add([string]$path) } }
        }
    }
    return , [string[]]$paths.ToArray([string])
}
