function Get-VolumeFacts {
    <#
    .SYNOPSIS
    Returns kind, size and free space of the volume that holds a path: the one with the longest matching mount point.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Volume
    )
    $best = $null
    foreach ($one in $Volume) {
        $root = "$($one.Name)".TrimEnd('\')
        # A file in the folder is inside its mount point, even if that is the folder itself.
        if (-not (Test-PathInside -Path "$Path\x" -Folder $root)) { continue }
        if ($null -eq $best -or $root.Length -gt "$($best.Name)".TrimEnd('\').Length) { $best = $one }
    }
    if ($null -eq $best) { return @{ Kind = 'local'; Free = $null; Total = $null } }
    $kind = if ($best.FileSystem -eq 'CSVFS') { 'csv' } else { 'local' }
    return @{ Kind = $kind; Free = [long]$best.FreeSpace; Total = [long]$best.Capacity }
}

function Read-HostImage {
    <#
    .SYNOPSIS
    Returns the images that the configuration names, then the others in its image folders. The path of each is for
    internal use and not reported.
    #>
    [CmdletBinding()]
    [OutputType([object])]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Configuration)
    $files = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    $known = @{}
    foreach ($one in @(Get-Optional -Configuration $Configuration -Name 'images')) {
        $file = Get-HostFile -Path $one['path']
        if ($null -eq $file) { continue }
        $known["$($file.FullName)".ToUpperInvariant()] = $true
        [void] $files.Add(@{ File = $file; Id = $one['name']; Family = $one['os_family'] })
    }
    foreach ($folder in @(Get-Optional -Configuration $Configuration -Name 'image_folders')) {
        foreach ($file in Get-HostFolderFile -Path $folder -Filter '*.vhdx') {
            if ($known.ContainsKey("$($file.FullName)".ToUpperInvariant())) { continue }
            [void] $files.Add(@{ File = $file; Id = [System.Text.RegularExpressions.Regex]::Replace("$($file.Name)", '\.[vV][hH][dD][xX]\z', ''); Family = $null })
        }
    }
    $disks = @{}
    Read-DiskTable -Table $disks -Path @(foreach ($one in $files) { [string]$one.File.FullName })
    foreach ($one in $files) {
        $disk = $disks[(Get-PathKey -Path "$($one.File.FullName)")]
        $size = if ($null -ne $disk.Problem) { $null } else { [long]$disk.Size }
        [ordered]@{ id = $one.Id; name = $one.Id; size = [long]$one.File.Length; virtualSize = $size; osFamily = $one.Family; path = [string]$one.File.FullName }
    }
}

function Read-HostMedium {
    <#
    .SYNOPSIS
    Returns the DVD media in the configured folders, with their paths.
    #>
    [CmdletBinding()]
    [OutputType([object])]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Configuration)
    foreach ($folder in @(Get-Optional -Configuration $Configuration -Name 'iso_folders')) {
        foreach ($file in Get-HostFolderFile -Path $folder -Filter '*.iso') {
            [ordered]@{ id = [string]$file.Name; name = [string]$file.Name; size = [long]$file.Length; path = [string]$file.FullName }
        }
    }
}

function Read-HostNetwork {
    <#
    .SYNOPSIS
    Returns the networks of the configuration. present is true if the virtual switch exists.
    #>
    [CmdletBinding()]
    [OutputType([object])]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Configuration)
    $switches = @(foreach ($one in Get-HyperVSwitch) { [string]$one.Name })
    foreach ($one in $Configuration['networks']) {
        $settings = $one['configuration']
        [ordered]@{ name = $one['name']; switchName = $settings['virtual_switch']; vlanId = $settings['vlan_id']; present = $switches -ccontains $settings['virtual_switch'] }
    }
}

function Select-HostNetwork {
    <#
    .SYNOPSIS
    Returns a network by its name; throws not-found if the host lacks it or its switch.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Network,
        [Parameter(Mandatory)] [string] $Name
    )
    $found = Select-ByName -List $Network -Key 'name' -What 'network' -Name $Name
    if ($found['present']) { return $found }
    throw (New-OperationFailure -Code 'not-found' -Message (Get-MissingSwitch -Network $found))
}

function Get-MissingSwitch {
    <#
    .SYNOPSIS
    Returns the problem of a network whose switch does not exist, as a sentence.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Network)
    return "The network `"$($Network['name'])`" uses the switch `"$($Network['switchName'])`", which does not exist."
}

function Select-Property {
    <#
    .SYNOPSIS
    Returns a dictionary with the given entries of another one.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $From,
        [Parameter(Mandatory)] [string[]] $Name
    )
    $part = [ordered]@{}
    foreach ($one in $Name) { $part[$one] = $From[$one] }
    return $part
}
