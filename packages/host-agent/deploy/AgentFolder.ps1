# Runs on a host for the service: installs the agent in a folder per version, and verifies that its files are those that
# were shipped. Sent as text after the module's FolderAccess.ps1 and AgentPackage.ps1; the host keeps none of these
# scripts.
Microsoft.PowerShell.Core\Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

# Versions that were used within this number of days are kept, because another replica of the service may still use an
# older one.
$script:KeepDays = 7

function Get-StreamDigest {
    <#
    .SYNOPSIS
    Returns the SHA-256 of a stream in lower case.
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
    Returns a text that says how the files of a folder differ from the shipped files; null if they are equal.
    .DESCRIPTION
    With -Held each verified file stays open, so that no other process can write, rename or delete it until the streams
    in the list are closed. The files that are loaded are therefore those that were hashed.
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
        if (-not $Manifest.ContainsKey($name)) { return "$name is not a file of the agent" }
        $stream = [System.IO.File]::Open($file, [System.IO.FileMode]::Open, [System.IO.FileAccess]::Read, [System.IO.FileShare]::Read)
        try { if ((Get-StreamDigest -Stream $stream) -cne $Manifest[$name]) { return "$name differs from the shipped file" } }
        finally { if ($null -eq $Held) { $stream.Dispose() } else { [void] $Held.Add($stream) } }
        $seen++
    }
    if ($seen -ne $Manifest.Count) { return "$($Manifest.Count - $seen) of the shipped files are missing" }
    return $null
}

function Assert-SafeFolder {
    <#
    .SYNOPSIS
    Throws if anyone but administrators can change a folder or a file, because an administrator runs its content.
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
    Throws if anyone but administrators could replace a folder: a parent folder may be a link, or grant the right to
    rename or delete subfolders.
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
        if ($null -ne $risk) { throw "$Path is not safe to run an agent from: for its parent folder $folder, $risk." }
    }
}

function Assert-NoLink {
    <#
    .SYNOPSIS
    Throws if a path is a link or a mount point: its target may change and is in folders that were not checked.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    if (([System.IO.File]::GetAttributes($Path) -band [System.IO.FileAttributes]::ReparsePoint) -ne 0) { throw "$Path is not safe to run an agent from: it is a link." }
}

function Assert-SafeContent {
    <#
    .SYNOPSIS
    Throws if a file or subfolder of a version can be changed by its own access list, or is a link.
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
    Restricts a folder: SYSTEM and administrators can change it, accounts that run the agent can read it.
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
    Creates an empty folder under a random name and protects it. Returns its path.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Path)
    $new = "$Path.$([System.Guid]::NewGuid().ToString('N'))"
    [void] [System.IO.Directory]::CreateDirectory($new)
    Protect-AgentFolder -Path $new
    if ([System.IO.Directory]::GetFileSystemEntries($new).Length -gt 0) { throw "Another account wrote to $new while the folder was created, so it is not trusted." }
    return $new
}

function Use-AgentFolder {
    <#
    .SYNOPSIS
    Prepares this process to load a version of the agent. Returns "ready", "missing", or how its files differ from the
    shipped files.
    .DESCRIPTION
    Runspaces load the agent when they first call it, so its verified files stay open until this process ends.
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
    Marks a version as used, and keeps the marker file open while this process runs, because the agent reads its files
    when it needs them.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    $earlier = Microsoft.PowerShell.Utility\Get-Variable -Name 'AetherVAgentUse' -Scope Global -ValueOnly -ErrorAction SilentlyContinue
    if ($null -ne $earlier) { $earlier.Dispose() }
    # An account that can only read uses the version too, and another session may write the same file.
    try { [System.IO.File]::WriteAllText($Path, '') }
    catch [System.UnauthorizedAccessException], [System.IO.IOException] { $null = $_ }
    try { $global:AetherVAgentUse = [System.IO.File]::Open($Path, [System.IO.FileMode]::Open, [System.IO.FileAccess]::Read, [System.IO.FileShare]::ReadWrite) }
    catch [System.UnauthorizedAccessException], [System.IO.IOException] { $null = $_ }
}

function Test-AgentUsed {
    <#
    .SYNOPSIS
    Returns true if a running process has the marker file of a version open.
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
    Installs a version of the agent next to the others, complete and verified, or not at all. Renames a damaged version.
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
        # Another session may have created the folder meanwhile.
        try { [System.IO.Directory]::Move($new, $Directory) }
        catch [System.IO.IOException] { [System.IO.Directory]::Delete($new) }
    }
    Assert-SafePlace -Path $Directory
    Assert-SafeFolder -Path $Directory
    $staging = New-ProtectedFolder -Path $folder
    try {
        Expand-AgentPackage -Package (Read-AgentPackage -Package $Package -Url $Url) -Folder $staging -Manifest $Manifest
        $fault = Find-AgentFault -Folder $staging -Manifest $Manifest
        if ($null -ne $fault) { throw "The package does not match the agent of this service: $fault." }
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
    Removes other versions that no process uses and that were not used for a week, and unfinished installations. Leaves
    what cannot be removed now to the next session.
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
