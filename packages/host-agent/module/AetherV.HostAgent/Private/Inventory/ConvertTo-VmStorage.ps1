# A drive belongs to a controller and holds a medium. Each names its parent in Parent, a WMI path with an escaped
# InstanceID (Msvm_ResourceAllocationSettingData, Msvm_StorageAllocationSettingData).
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
    Converts the disks and DVD drives of a VM by controller. Drives holds the contract id and the file of each drive by
    its InstanceID.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Resource,
        [Parameter(Mandatory)] [hashtable] $Disk,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    $controllers = Get-ControllerTable -Resource $Resource
    $media = @{}
    foreach ($one in $Resource) {
        if ($script:Media -contains $one.ResourceSubType) { $media[(Get-ParentId -Parent $one.Parent)] = $one }
    }
    $ids = @{}
    $drives = @{}
    $disks = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    $dvdDrives = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($drive in $Resource) {
        $isDisk = $script:DiskDrives -contains $drive.ResourceSubType
        if (-not $isDisk -and $script:DvdDrives -notcontains $drive.ResourceSubType) { continue }
        $controller = $controllers[(Get-ParentId -Parent $drive.Parent)]
        if ($null -eq $controller) { continue }
        $location = ConvertTo-WholeNumber -Value $drive.AddressOnParent -Minimum 0 -Maximum 63
        if ($null -eq $controller.Number -or $controller.Number -gt 63 -or $null -eq $location) {
            Add-FactProblem -Problem $Problem -Part $(if ($isDisk) { 'disks' } else { 'dvdDrives' }) -Message "The slot of a drive is not known: $(Get-ShownValue -Value $drive.InstanceID)."
            continue
        }
        $place = [ordered]@{
            id = "$($controller.Type.ToLowerInvariant())-$($controller.Number)-$location"
            controllerType = $controller.Type; controllerNumber = $controller.Number; controllerLocation = $location
        }
        $ids[[string]$drive.InstanceID] = $place['id']
        $medium = $media[[string]$drive.InstanceID]
        $path = Get-MediumPath -Drive $drive -Medium $medium
        $drives[([string]$drive.InstanceID).ToUpperInvariant()] = @{ Id = $place['id']; Path = $path; IsDisk = $isDisk; IsFile = $null -ne $medium }
        if ($isDisk -and $null -eq $path) { continue }
        try {
            if ($isDisk) { [void] $disks.Add((ConvertTo-VmDisk -Place $place -Path $path -Medium $medium -Disk $Disk -Problem $Problem)) }
            else {
                $place['path'] = if ($null -eq $path) { $null } else { Read-FactText -Value $path -Part "dvdDrives $($place['id']) path" -Problem $Problem -IsPath }
                [void] $dvdDrives.Add($place)
            }
        }
        catch { Add-FactProblem -Problem $Problem -Part "$(if ($isDisk) { 'disks' } else { 'dvdDrives' }) $($place['id'])" -Message "$_" }
    }
    return @{
        Disks     = Select-WithinLimit -List $disks.ToArray() -Maximum 260 -Part 'disks' -Problem $Problem
        DvdDrives = Select-WithinLimit -List $dvdDrives.ToArray() -Maximum 260 -Part 'dvdDrives' -Problem $Problem
        Ids       = $ids
        Drives    = $drives
    }
}

function Get-ControllerTable {
    <#
    .SYNOPSIS
    Returns type and number of each controller by InstanceID. IDE controllers have their number in Address; the others
    are counted, as in Get-VMScsiController.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Resource)
    $table = @{}
    $counts = @{ SCSI = [long]0; PMEM = [long]0; Floppy = [long]0 }
    foreach ($one in $Resource) {
        if (-not $script:ControllerTypes.ContainsKey([string]$one.ResourceSubType)) { continue }
        $type = $script:ControllerTypes[[string]$one.ResourceSubType]
        if ($type -eq 'IDE') { $number = ConvertTo-WholeNumber -Value $one.Address -Minimum 0 -Maximum 63 }
        else { $number = $counts[$type]; $counts[$type] = $number + 1 }
        $table[[string]$one.InstanceID] = @{ Type = $type; Number = $number }
    }
    return $table
}

function Get-ParentId {
    <#
    .SYNOPSIS
    Returns the unescaped InstanceID in a WMI path.
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
    Returns the file in a drive, or the physical disk behind it; null for an empty drive.
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
    Converts one disk. While its file cannot be read, its facts are null and its format comes from the file name.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Place,
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [AllowNull()] [object] $Medium,
        [Parameter(Mandatory)] [hashtable] $Disk,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    $part = "disks $($Place['id'])"
    $fact = [ordered]@{
        path = Read-FactText -Value $Path -Part "$part path" -Problem $Problem -IsPath
        format = 'VHDX'; type = 'Dynamic'; size = $null; fileSize = $null; parentPath = $null
        shared = $null -ne $Medium -and $Medium.PersistentReservationsSupported -eq $true
    }
    $file = $Disk[(Get-PathKey -Path $Path)]
    $extension = [System.Text.RegularExpressions.Regex]::Match($Path, '\.[^.\\]*\z').Value.ToLowerInvariant()
    if ($null -eq $Medium) { $fact['format'] = 'Physical'; $fact['type'] = 'PassThrough' }
    elseif ($null -ne $file -and $null -eq $file.Problem) {
        $fact['format'] = Read-DiskKind -Table 'virtualDiskFormat' -Value $file.Format -Part "$part format" -Problem $Problem
        $fact['type'] = Read-DiskKind -Table 'virtualDiskType' -Value $file.Type -Part "$part type" -Problem $Problem
        $fact['size'] = Read-WholeNumber -Value $file.Size -Minimum 0 -Maximum 9007199254740991 -Part "$part size" -Problem $Problem
        $fact['fileSize'] = Read-WholeNumber -Value $file.FileSize -Minimum 0 -Maximum 9007199254740991 -Part "$part fileSize" -Problem $Problem
        if (-not [string]::IsNullOrEmpty([string]$file.ParentPath)) { $fact['parentPath'] = Read-FactText -Value $file.ParentPath -Part "$part parentPath" -Problem $Problem -IsPath }
        # The chain starts with the disk itself and its parent.
        $chain = @(Get-DiskChain -Path $Path -Disk $Disk)
        foreach ($link in $chain) {
            $read = $Disk[(Get-PathKey -Path $link)]
            if ($null -ne $read.Problem) { Add-FactProblem -Problem $Problem -Part "$part ancestors" -Message $read.Problem }
        }
        if ($chain.Length -gt 2) {
            $ancestors = @(foreach ($link in $chain[2..($chain.Length - 1)]) { Read-FactText -Value $link -Part "$part ancestors" -Problem $Problem -IsPath })
            $fact['ancestors'] = Select-WithinLimit -List $ancestors -Maximum 64 -Part "$part ancestors" -Problem $Problem
        }
    }
    else {
        if ($null -ne $file) { Add-FactProblem -Problem $Problem -Part $part -Message $file.Problem }
        $formats = @{ '.vhd' = 'VHD'; '.avhd' = 'VHD'; '.vhds' = 'VHDSet' }
        if ($formats.ContainsKey($extension)) { $fact['format'] = $formats[$extension] }
        if ($extension.StartsWith('.avhd')) { $fact['type'] = 'Differencing' }
    }
    $whole = [ordered]@{}
    foreach ($part in $Place, $fact) { foreach ($entry in $part.GetEnumerator()) { $whole[[string]$entry.Key] = $entry.Value } }
    return $whole
}

function Read-DiskKind {
    <#
    .SYNOPSIS
    Returns type or format of a virtual hard disk, which Get-VHD names and WMI numbers; null and a problem for an
    unknown one.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Table,
        [Parameter(Mandatory)] [AllowNull()] [object] $Value,
        [Parameter(Mandatory)] [string] $Part,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    $names = @((Get-ContractTable -Name 'windows')[$Table].Values)
    if ($names -ccontains "$Value") { return "$Value" }
    return Read-WindowsName -Table $Table -Value $Value -Part $Part -Problem $Problem
}

function Get-DiskPath {
    <#
    .SYNOPSIS
    Returns the files of all virtual hard disks of these VMs.
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
