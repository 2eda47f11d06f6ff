# Runs on a host on behalf of the service: puts the agent into a folder of its version, and looks that it is there as it was shipped.
# Sent as text behind the module's own FolderAccess.ps1 and AgentPackage.ps1; nothing of this stays on the host.
Microsoft.PowerShell.Core\Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

# No version that was used within so many days is removed: another replica of the service may still be at the older one.
$script:KeepDays = 7

function Get-StreamDigest {
    <#
    .SYNOPSIS
    The SHA-256 of a stream, in lower case.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [System.IO.Stream] $Stream)
    $sha = [System.Security.Cryptography.SHA256]::Create()
    try { return [System.BitConverter]::ToString($sha.ComputeHash($Stream)).Replace('-', '').ToLowerInvariant() }
    finally { $sha.Dispose() }
}

function Find-AgentFault {
    <#
    .SYNOPSIS
    What is wrong with the files of a folder, in words; null if they are those that were shipped, and no others.
    .DESCRIPTION
    With -Held each file stays open as it was checked, and nobody else may open it to write, rename or delete it until the list's streams
    are closed: what was hashed is what is loaded.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Folder,
        [Parameter(Mandatory)] [hashtable] $Manifest,
        [AllowNull()] [System.Collections.ArrayList] $Held = $null
    )
    $seen = 0
    foreach ($file in [System.IO.Directory]::GetFiles($Folder, '*', [System.IO.SearchOption]::AllDirectories)) {
        $name = $file.Substring($Folder.Length + 1).Replace('\', '/')
        if (-not $Manifest.ContainsKey($name)) { return "$name is no file of the agent" }
        $stream = [System.IO.File]::Open($file, [System.IO.FileMode]::Open, [System.IO.FileAccess]::Read, [System.IO.FileShare]::Read)
        try { if ((Get-StreamDigest -Stream $stream) -cne $Manifest[$name]) { return "$name is not as it was shipped" } }
        finally { if ($null -eq $Held) { $stream.Dispose() } else { [void] $Held.Add($stream) } }
        $seen++
    }
    if ($seen -ne $Manifest.Count) { return "$($Manifest.Count - $seen) of its files are missing" }
    return $null
}

function Assert-SafeFolder {
    <#
    .SYNOPSIS
    Refuses a folder or a file that anyone but administrators can change: what is in it is run by an administrator.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    $access = Read-FolderAccess -Path $Path
    if ($null -eq $access) { return }
    $risk = Find-FolderRisk -Access $access
    if ($null -ne $risk) { throw "$Path is not safe to run an agent from: $risk." }
}

function Assert-SafePlace {
    <#
    .SYNOPSIS
    Refuses a folder that anyone but administrators could put another one in the place of: a folder above it may be a link, or give the
    right to rename or delete what is below.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    for ($folder = $Path; -not [string]::IsNullOrEmpty($folder); $folder = [System.IO.Path]::GetDirectoryName($folder)) {
        if (-not [System.IO.Directory]::Exists($folder)) { continue }
        Assert-NoLink -Path $folder
        if ($folder -ceq $Path) { continue }
        $access = Read-FolderAccess -Path $folder
        if ($null -eq $access) { continue }
        $risk = Find-FolderRisk -Access $access -Above
        if ($null -ne $risk) { throw "$Path is not safe to run an agent from: of $folder, $risk." }
    }
}

function Assert-NoLink {
    <#
    .SYNOPSIS
    Refuses a link or a mount point: what it leads to may be changed, and lies in folders that were not looked at.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    if (([System.IO.File]::GetAttributes($Path) -band [System.IO.FileAttributes]::ReparsePoint) -ne 0) { throw "$Path is not safe to run an agent from: it is a link." }
}

function Assert-SafeContent {
    <#
    .SYNOPSIS
    Refuses a folder of a version in which a file or folder has an access list of its own that lets others change it, or is a link.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    foreach ($entry in [System.IO.Directory]::GetFileSystemEntries($Path, '*', [System.IO.SearchOption]::AllDirectories)) {
        Assert-NoLink -Path $entry
        Assert-SafeFolder -Path $entry
    }
}

function Protect-AgentFolder {
    <#
    .SYNOPSIS
    Lets SYSTEM and administrators change a folder, and those who run the agent read it.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    if ([System.Environment]::OSVersion.Platform -ne [System.PlatformID]::Win32NT) { return }
    $acl = Microsoft.PowerShell.Security\Get-Acl -LiteralPath $Path
    $acl.SetAccessRuleProtection($true, $false)
    # SYSTEM, Administrators, Hyper-V Administrators, Remote Management Users (MS-DTYP 2.4.2.4).
    $rights = [ordered]@{ 'S-1-5-18' = 'FullControl'; 'S-1-5-32-544' = 'FullControl'; 'S-1-5-32-578' = 'ReadAndExecute'; 'S-1-5-32-580' = 'ReadAndExecute' }
    foreach ($entry in $rights.GetEnumerator()) {
        $who = [System.Security.Principal.SecurityIdentifier]::new($entry.Key)
        $rule = [System.Security.AccessControl.FileSystemAccessRule]::new($who, $entry.Value, 'ContainerInherit,ObjectInherit', 'None', 'Allow')
        $acl.AddAccessRule($rule)
    }
    $acl.SetOwner([System.Security.Principal.SecurityIdentifier]::new('S-1-5-32-544'))
    Microsoft.PowerShell.Security\Set-Acl -LiteralPath $Path -AclObject $acl
}

function New-ProtectedFolder {
    <#
    .SYNOPSIS
    Makes a folder that is protected before it has its name, and empty then. Returns its path.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Path)
    $new = "$Path.$([System.Guid]::NewGuid().ToString('N'))"
    [void] [System.IO.Directory]::CreateDirectory($new)
    Protect-AgentFolder -Path $new
    if ([System.IO.Directory]::GetFileSystemEntries($new).Length -gt 0) { throw "Somebody wrote into $new while it was made." }
    return $new
}

function Use-AgentFolder {
    <#
    .SYNOPSIS
    Lets this process load the agent of a version: "ready", "missing", or what is wrong with its files.
    .DESCRIPTION
    Runspaces load the agent when they first call it: until this process ends its files stay open as they were checked.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Directory,
        [Parameter(Mandatory)] [string] $Version,
        [Parameter(Mandatory)] [hashtable] $Manifest
    )
    $folder = [System.IO.Path]::Combine($Directory, $Version)
    if (-not [System.IO.Directory]::Exists($folder)) { return 'missing' }
    Assert-SafePlace -Path $folder
    foreach ($path in $Directory, $folder) { Assert-SafeFolder -Path $path }
    Assert-SafeContent -Path $folder
    $held = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    $fault = Find-AgentFault -Folder $folder -Manifest $Manifest -Held $held
    $earlier = Microsoft.PowerShell.Utility\Get-Variable -Name 'AetherVAgentFiles' -Scope Global -ValueOnly -ErrorAction SilentlyContinue
    foreach ($stream in @(if ($null -ne $fault) { $held } else { $earlier })) { if ($null -ne $stream) { $stream.Dispose() } }
    if ($null -ne $fault) { return $fault }
    $global:AetherVAgentFiles = $held
    Set-AgentUse -Path "$folder.used"
    Remove-OldAgent -Directory $Directory -Version $Version
    $separator = [string][System.IO.Path]::PathSeparator
    $others = @($env:PSModulePath.Split($separator) | Microsoft.PowerShell.Core\Where-Object -FilterScript { $_ -ne $folder })
    $env:PSModulePath = (@($folder) + $others) -join $separator
    return 'ready'
}

function Set-AgentUse {
    <#
    .SYNOPSIS
    Notes that a version is used now, and holds the note open for as long as this process lives: the agent reads its files as it needs
    them.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    $earlier = Microsoft.PowerShell.Utility\Get-Variable -Name 'AetherVAgentUse' -Scope Global -ValueOnly -ErrorAction SilentlyContinue
    if ($null -ne $earlier) { $earlier.Dispose() }
    # Who may only read here uses it all the same, and another session may be writing the same.
    try { [System.IO.File]::WriteAllText($Path, '') }
    catch [System.UnauthorizedAccessException], [System.IO.IOException] { $null = $_ }
    try { $global:AetherVAgentUse = [System.IO.File]::Open($Path, [System.IO.FileMode]::Open, [System.IO.FileAccess]::Read, [System.IO.FileShare]::ReadWrite) }
    catch [System.UnauthorizedAccessException], [System.IO.IOException] { $null = $_ }
}

function Test-AgentUsed {
    <#
    .SYNOPSIS
    Whether a living process holds the note of a version open.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [string] $Path)
    if (-not [System.IO.File]::Exists($Path)) { return $false }
    try { [System.IO.File]::Open($Path, [System.IO.FileMode]::Open, [System.IO.FileAccess]::ReadWrite, [System.IO.FileShare]::None).Dispose() }
    catch [System.IO.IOException] { return $true }
    return $false
}

function Install-AgentFolder {
    <#
    .SYNOPSIS
    Puts the agent of a version beside the others: complete and checked, or not at all. What lies there damaged is put aside.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Directory,
        [Parameter(Mandatory)] [string] $Version,
        [Parameter(Mandatory)] [hashtable] $Manifest,
        [AllowNull()] [AllowEmptyString()] [string] $Package,
        [AllowNull()] [AllowEmptyString()] [string] $Url
    )
    $folder = [System.IO.Path]::Combine($Directory, $Version)
    if (-not [System.IO.Directory]::Exists($Directory)) {
        [void] [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($Directory))
        $new = New-ProtectedFolder -Path $Directory
        # Another session may have been first.
        try { [System.IO.Directory]::Move($new, $Directory) }
        catch [System.IO.IOException] { [System.IO.Directory]::Delete($new) }
    }
    Assert-SafePlace -Path $Directory
    Assert-SafeFolder -Path $Directory
    $staging = New-ProtectedFolder -Path $folder
    try {
        Expand-AgentPackage -Package (Read-AgentPackage -Package $Package -Url $Url) -Folder $staging -Manifest $Manifest
        $fault = Find-AgentFault -Folder $staging -Manifest $Manifest
        if ($null -ne $fault) { throw "The package is not the agent of this service: $fault." }
        if ([System.IO.Directory]::Exists($folder)) {
            if ($null -eq (Find-AgentFault -Folder $folder -Manifest $Manifest)) { return }
            [System.IO.Directory]::Move($folder, "$folder.$([System.Guid]::NewGuid().ToString('N'))")
        }
        try { [System.IO.Directory]::Move($staging, $folder) }
        catch [System.IO.IOException] { if (-not [System.IO.Directory]::Exists($folder)) { throw } }
    }
    finally { if ([System.IO.Directory]::Exists($staging)) { [System.IO.Directory]::Delete($staging, $true) } }
}

function Remove-OldAgent {
    <#
    .SYNOPSIS
    Removes the folders of other versions that nobody uses, and has not for a week, and what earlier sessions left unfinished. What cannot
    be removed now is left to the next session.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Directory,
        [Parameter(Mandatory)] [string] $Version
    )
    $oldest = [datetime]::UtcNow.AddDays(-$script:KeepDays)
    foreach ($folder in [System.IO.Directory]::GetDirectories($Directory)) {
        $name = [System.IO.Path]::GetFileName($folder)
        if ($name -ceq $Version -or $name -notmatch '\A[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?(?:\.[0-9a-f]{32})?\z') { continue }
        $used = if ([System.IO.File]::Exists("$folder.used")) { [System.IO.File]::GetLastWriteTimeUtc("$folder.used") } else { [System.IO.Directory]::GetLastWriteTimeUtc($folder) }
        if ($used -gt $oldest) { continue }
        try {
            if (Test-AgentUsed -Path "$folder.used") { continue }
            [System.IO.Directory]::Delete($folder, $true)
            [System.IO.File]::Delete("$folder.used")
        }
        catch [System.UnauthorizedAccessException], [System.IO.IOException] { continue }
    }
}
