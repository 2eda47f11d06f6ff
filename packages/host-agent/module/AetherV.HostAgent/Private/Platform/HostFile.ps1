# Files and folders of VMs, by cmdlets with -LiteralPath: a path of a host is never a pattern.

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
    The files of a folder with this extension, by name; with -Recurse those below it, too. None where there is no such folder.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [ValidateSet('*.vhdx', '*.iso', '*.vmcx', '*.*vhd*')] [string] $Filter,
        [switch] $Recurse
    )
    if (-not (Test-HostFolder -Path $Path)) { return }
    # -Force: a hidden disk stands on its parent, too.
    Microsoft.PowerShell.Management\Get-ChildItem -LiteralPath $Path -File -Filter $Filter -Recurse:$Recurse -Force | Microsoft.PowerShell.Utility\Sort-Object -Property Name
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
