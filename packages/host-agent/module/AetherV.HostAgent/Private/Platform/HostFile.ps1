# Files and folders of VMs, by cmdlets with -LiteralPath: a path of a host is never a pattern.

# Windows' own, at the root of a volume: what was deleted, and what only Windows may read.
$script:SystemFolders = @('System Volume Information', '$RECYCLE.BIN')

function Test-HostFolder {
    <#
    .SYNOPSIS
    Whether a folder is there.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [string] $Path)
    return Microsoft.PowerShell.Management\Test-Path -LiteralPath $Path -PathType Container
}

function Test-HostFolderEmpty {
    <#
    .SYNOPSIS
    Whether nothing is inside a folder.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [string] $Path)
    return @(Microsoft.PowerShell.Management\Get-ChildItem -LiteralPath $Path -Force).Count -eq 0
}

function New-HostFolder {
    <#
    .SYNOPSIS
    Makes a folder, with those above it.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    # New-Item has no -LiteralPath, and takes -Path literally for the file system provider.
    [void] (Microsoft.PowerShell.Management\New-Item -Path $Path -ItemType Directory -Force)
}

function Remove-HostFolder {
    <#
    .SYNOPSIS
    Removes an empty folder. Without -Recurse Remove-Item asks before it removes what is inside, and nobody answers.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    Microsoft.PowerShell.Management\Remove-Item -LiteralPath $Path -Confirm:$false
}

function Get-HostFile {
    <#
    .SYNOPSIS
    A file (FullName, Length); null when there is none.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    if (-not (Microsoft.PowerShell.Management\Test-Path -LiteralPath $Path -PathType Leaf)) { return }
    Microsoft.PowerShell.Management\Get-Item -LiteralPath $Path -Force
}

function Get-HostFolderFile {
    <#
    .SYNOPSIS
    The files of a folder with this extension, by name. None where there is no such folder.
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
    The files below a folder that are named like disks, and the folders that could not be read.
    .DESCRIPTION
    Folder by folder: one that may not be read, or whose path is too long, leaves out itself and nothing else. What Windows keeps for itself at
    the root of a volume holds no disk of a VM and is not tried. A link is followed, but no link inside one, so that none leads round in
    circles; shared volumes are links of the folder that shows them.
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
            # -Force: a hidden disk stands on its parent, too. Files of change tracking (.rct, .mrt) are no disks.
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
    The path of a folder so that Windows PowerShell 5.1 reads it: with the prefix that lifts Windows' limit of 248 characters for folders.
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
