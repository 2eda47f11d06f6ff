function Read-HostConfiguration {
    <#
    .SYNOPSIS
    Reads the host's configuration (hostresources.json); without the file, returns the default folders and the switches
    of the host. Throws agent-error for an invalid file.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param()
    $path = [System.IO.Path]::Combine([System.IO.Path]::GetDirectoryName((Get-DataFolder -Name 'journal')), 'hostresources.json')
    $text = Read-WholeFile -Path $path
    if ($null -eq $text) { return New-DefaultConfiguration }
    try { $configuration = ConvertFrom-AgentJson -Text $text }
    catch [System.FormatException] { throw (New-OperationFailure -Code 'agent-error' -Message "$path is not valid JSON." -Remedy 'Correct the file on the host.') }
    $wrong = Find-SchemaError -Value $configuration -Schema (Get-ContractSchema -Name 'host-configuration')
    if ($null -ne $wrong) { throw (New-OperationFailure -Code 'agent-error' -Message "${path}: $wrong" -Remedy 'Correct the file on the host.') }
    return $configuration
}

function New-DefaultConfiguration {
    <#
    .SYNOPSIS
    Creates the configuration of a host without hostresources.json.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param()
    $settings = Get-HyperVHost
    $networks = @(foreach ($one in Get-HyperVSwitch) {
            [ordered]@{ name = [string]$one.Name; model = 'vlan'; configuration = [ordered]@{ virtual_switch = [string]$one.Name; vlan_id = $null } }
        })
    return [ordered]@{
        storage_classes = @([ordered]@{ name = 'Default'; path = "$($settings.VirtualMachinePath)".TrimEnd('\') })
        networks = $networks; virtual_machines_path = "$($settings.VirtualMachinePath)".TrimEnd('\')
    }
}

function Get-Optional {
    <#
    .SYNOPSIS
    Returns the list under a name of the configuration; nothing if it is missing.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Configuration,
        [Parameter(Mandatory)] [string] $Name
    )
    if ($Configuration.Contains($Name)) { $Configuration[$Name] }
}

function Select-ByName {
    <#
    .SYNOPSIS
    Returns the entry with this name, case-sensitive; throws not-found.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $List,
        [Parameter(Mandatory)] [string] $Key,
        [Parameter(Mandatory)] [string] $What,
        [Parameter(Mandatory)] [string] $Name
    )
    foreach ($one in $List) { if ($one[$Key] -ceq $Name) { return $one } }
    throw (New-OperationFailure -Code 'not-found' -Message "This host has no $What `"$Name`".")
}

function Test-PathInside {
    <#
    .SYNOPSIS
    Returns true if a path is below a folder, compared by path parts and case-insensitive: C:\VMs2 is not inside C:\VMs.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [string] $Folder
    )
    return (Get-PathKey -Path $Path).StartsWith((Get-PathKey -Path $Folder) + '\', [System.StringComparison]::Ordinal)
}

function Get-PathKey {
    <#
    .SYNOPSIS
    Returns the key by which a Windows path is compared: in upper case, with backslashes, without empty, "." and ".."
    parts, and without the trailing dots and blanks that Windows ignores.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Path)
    $text = $Path.Replace('/', '\').ToUpperInvariant()
    # The prefix \\?\ turns off path parsing but names the same file.
    if ($text -match '\A\\\\\?\\([A-Z]:\\.*)\z') { $text = $Matches[1] }
    $parts = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($part in $text.Split('\')) {
        if ($part -eq '..') { if ($parts.Count -gt 1) { $parts.RemoveAt($parts.Count - 1) }; continue }
        $plain = $part.TrimEnd(' ', '.')
        if ($plain -ne '') { [void] $parts.Add($plain) }
    }
    $start = if ($text.StartsWith('\\', [System.StringComparison]::Ordinal)) { '\\' } else { '' }
    return $start + ($parts.ToArray() -join '\')
}

function Test-PathPlain {
    <#
    .SYNOPSIS
    Returns true if a path can be compared: it has no short names (8.3) and is not a device path.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [string] $Path)
    return $Path -notmatch '~[0-9]+(\.[^\\/]*)?([\\/]|\z)' -and $Path -notmatch '\A[\\/]{2}[?.][\\/]'
}

function Get-NamedFolder {
    <#
    .SYNOPSIS
    Returns the keys of the folders that the configuration or the Hyper-V defaults name.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Configuration)
    foreach ($one in $Configuration['storage_classes']) { Get-PathKey -Path $one['path'] }
    foreach ($name in 'image_folders', 'iso_folders', 'virtual_machines_path') {
        foreach ($folder in @(Get-Optional -Configuration $Configuration -Name $name)) { if ($null -ne $folder) { Get-PathKey -Path $folder } }
    }
    $settings = Get-HyperVHost
    Get-PathKey -Path "$($settings.VirtualMachinePath)"
    Get-PathKey -Path "$($settings.VirtualHardDiskPath)"
}

function Test-HostImage {
    <#
    .SYNOPSIS
    Returns true if a file is an image of the configuration, by its path or its folder.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Configuration,
        [Parameter(Mandatory)] [string] $Path
    )
    $key = Get-PathKey -Path $Path
    foreach ($one in @(Get-Optional -Configuration $Configuration -Name 'images')) { if ($null -ne $one -and (Get-PathKey -Path $one['path']) -ceq $key) { return $true } }
    foreach ($folder in @(Get-Optional -Configuration $Configuration -Name 'image_folders')) { if ($null -ne $folder -and (Test-PathInside -Path $Path -Folder $folder)) { return $true } }
    return $false
}

function Get-StorageRoot {
    <#
    .SYNOPSIS
    Returns the folder of the storage class that holds a path, the outermost if they are nested, because differencing
    disks on a file may be anywhere in it; null if no storage class holds the path.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Configuration,
        [Parameter(Mandatory)] [string] $Path
    )
    $root = $null
    foreach ($one in $Configuration['storage_classes']) {
        if ((Test-PathInside -Path $Path -Folder $one['path']) -and ($null -eq $root -or (Test-PathInside -Path $root -Folder $one['path']))) { $root = $one['path'] }
    }
    return $root
}
