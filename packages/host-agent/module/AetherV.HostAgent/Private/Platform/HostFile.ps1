# Files and folders of VMs, by cmdlets with -LiteralPath, so that a path is never a pattern.

# System folders at the root of a volume: the recycle bin and the system volume information.
$script:SystemFolders = @('System Volume Information', '$RECYCLE.BIN')

function Test-HostFolder {
    <#
    .SYNOPSIS
    Returns true if a folder exists.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [string] $Path)
    return Microsoft.PowerShell.Management\Test-Path -LiteralPath $Path -PathType Container
}

function Test-HostFolderEmpty {
    <#
    .SYNOPSIS
    Returns true if a folder is empty.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [string] $Path)
    return @(Microsoft.PowerShell.Management\Get-ChildItem -LiteralPath $Path -Force).Count -eq 0
}

function Get-HostFolderName {
    <#
    .SYNOPSIS
    Returns the names of the files and folders in a folder; nothing if the folder does not exist.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Path)
    if (-not (Test-HostFolder -Path $Path)) { return }
    foreach ($item in @(Microsoft.PowerShell.Management\Get-ChildItem -LiteralPath $Path -Force)) { [string]$item.Name }
}

function New-HostFolder {
    <#
    .SYNOPSIS
    Creates a folder and its missing parents.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    # New-Item has no -LiteralPath, and takes -Path literally for the file system provider.
    [void] (Microsoft.PowerShell.Management\New-Item -Path $Path -ItemType Directory -Force)
}

function Remove-HostFolder {
    <#
    .SYNOPSIS
    Removes an empty folder. Without -Recurse, Remove-Item asks for confirmation if the folder is not empty, which fails
    in this session.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    Microsoft.PowerShell.Management\Remove-Item -LiteralPath $Path -Confirm:$false
}

function Get-HostFile {
    <#
    .SYNOPSIS
    Returns a file (FullName, Length); null if it does not exist.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    if (-not (Microsoft.PowerShell.Management\Test-Path -LiteralPath $Path -PathType Leaf)) { return }
    Microsoft.PowerShell.Management\Get-Item -LiteralPath $Path -Force
}

function Get-HostFolderFile {
    <#
    .SYNOPSIS
    Returns the files of a folder that match a filter, by name; nothing if the folder does not exist.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [ValidateSet('*.vhdx', '*.iso', '*.vmcx')] [string] $Filter
    )
    if (-not (Test-HostFolder -Path $Path)) { return }
    Microsoft.PowerShell.Management\Get-ChildItem -LiteralPath $Path -File -Filter $Filter -Force | Microsoft.PowerShell.Utility\Sort-Object -Property Name
}

function Find-HostDisk {
    <#
    .SYNOPSIS
    Finds the files below a folder that have the extension of a disk, and the folders that could not be read.
    .DESCRIPTION
    Reads folder by folder, so that a folder without access or with a path that is too long leaves out only itself.
    Skips the system folders at the root of a volume. Follows a link, but no link below one, to avoid cycles; shared
    volumes are links in their parent folder.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [string] $Path)
    $files = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    $unread = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    $folders = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    [void] $folders.Add(@{ Path = $Path; Linked = $false })
    for ($next = 0; $next -lt $folders.Count; $next++) {
        $folder = $folders[$next]
        $problems = @()
        $items = @(Microsoft.PowerShell.Management\Get-ChildItem -LiteralPath (Get-LongPath -Path $folder.Path) -Force -ErrorAction SilentlyContinue -ErrorVariable problems)
        if (@($problems).Count -gt 0) { [void] $unread.Add($folder.Path) }
        foreach ($item in $items) {
            $name = [string]$item.Name
            # -Force: hidden disks depend on their parents too. Change tracking files (.rct, .mrt) are not disks.
            if (-not $item.PSIsContainer) { if ($name -match '\.a?vhdx?\z') { [void] $files.Add("$($folder.Path)\$name") }; continue }
            if ($script:SystemFolders -contains $name) { continue }
            $isLink = -not [string]::IsNullOrEmpty([string]$item.LinkType)
            if ($isLink -and $folder.Linked) { continue }
            [void] $folders.Add(@{ Path = "$($folder.Path)\$name"; Linked = $isLink -or $folder.Linked })
        }
    }
    return @{ Files = $files.ToArray(); Unread = $unread.ToArray() }
}

function Get-LongPath {
    <#
    .SYNOPSIS
    Returns a folder path with the prefix that lifts the 248-character limit of Windows PowerShell 5.1.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Path)
    if ($Path.Length -lt 240 -or $Path -notmatch '\A[A-Za-z]:\\') { return $Path }
    return "\\?\$Path"
}

function Remove-HostFile {
    <#
    .SYNOPSIS
    Removes a file.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    Microsoft.PowerShell.Management\Remove-Item -LiteralPath $Path -Force -Confirm:$false
}
