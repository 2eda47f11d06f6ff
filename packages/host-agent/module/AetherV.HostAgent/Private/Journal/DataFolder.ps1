function Get-DataFolder {
    <#
    .SYNOPSIS
    Returns the path of one of the agent's data folders. With -Create, creates it if it is missing, with an explicit
    access list.
    .DESCRIPTION
    The environment variable AETHERV_AGENT_DATA overrides the default root %ProgramData%\Aether-V. Only operations that
    change the host create the folder, so a host that is only read keeps no files of the agent.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [ValidateSet('journal', 'keys', 'cancel', 'active')] [string] $Name,
        [switch] $Create
    )
    $root = [System.Environment]::GetEnvironmentVariable('AETHERV_AGENT_DATA')
    if ([string]::IsNullOrEmpty($root)) {
        $root = [System.IO.Path]::Combine([System.Environment]::GetFolderPath([System.Environment+SpecialFolder]::CommonApplicationData), 'Aether-V')
    }
    if ($script:CheckedFolder -cne $root) {
        if (-not [System.IO.Directory]::Exists($root)) {
            if (-not $Create) { return [System.IO.Path]::Combine($root, $Name) }
            New-DataFolder -Path $root
        }
        Assert-DataFolder -Path $root
        $script:CheckedFolder = $root
    }
    $folder = [System.IO.Path]::Combine($root, $Name)
    if ($Create) { [void] [System.IO.Directory]::CreateDirectory($folder) }
    return $folder
}

$script:CheckedFolder = ''

function New-DataFolder {
    <#
    .SYNOPSIS
    Creates the data folder under a random name, protects it, checks that it is empty, then renames it.
    .DESCRIPTION
    Every user may write to a new folder in %ProgramData% until its access list is set.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    $new = "$Path.$([System.Guid]::NewGuid().ToString('N'))"
    [void] [System.IO.Directory]::CreateDirectory($new)
    Protect-DataFolder -Path $new
    if ([System.IO.Directory]::GetFileSystemEntries($new).Length -gt 0) {
        throw (New-OperationFailure -Code 'access-denied' -Message "Another account wrote to $new while the agent created it, so the folder is not trusted." -Remedy 'Check which account wrote there, then retry.')
    }
    # Another agent may have created the folder meanwhile; Assert-DataFolder checks it.
    try { [System.IO.Directory]::Move($new, $Path) }
    catch [System.IO.IOException] { [System.IO.Directory]::Delete($new) }
}

function Assert-DataFolder {
    <#
    .SYNOPSIS
    Throws access-denied if anyone but administrators could change the data folder, because the agent trusts its
    content.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    $access = Read-FolderAccess -Path $Path
    if ($null -eq $access) { return }
    $risk = Find-FolderRisk -Access $access -Also $script:HyperVAdministrators
    if ($null -eq $risk) { return }
    throw (New-OperationFailure -Code 'access-denied' -Message "The data folder $Path has unsafe permissions: $risk." -Remedy 'Make Administrators its owner and disable inherited permissions, or delete the folder.')
}

function Protect-DataFolder {
    <#
    .SYNOPSIS
    Restricts a folder to SYSTEM, Administrators and Hyper-V Administrators. The permissions inherited from
    %ProgramData% would let every user create files.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    if ([System.Environment]::OSVersion.Platform -ne [System.PlatformID]::Win32NT) { return }
    $acl = Microsoft.PowerShell.Security\Get-Acl -LiteralPath $Path
    $acl.SetAccessRuleProtection($true, $false)
    $rights = [ordered]@{ 'S-1-5-18' = 'FullControl'; 'S-1-5-32-544' = 'FullControl'; $script:HyperVAdministrators = 'Modify' }
    foreach ($entry in $rights.GetEnumerator()) {
        $who = [System.Security.Principal.SecurityIdentifier]::new($entry.Key)
        $rule = [System.Security.AccessControl.FileSystemAccessRule]::new($who, $entry.Value, 'ContainerInherit,ObjectInherit', 'None', 'Allow')
        $acl.AddAccessRule($rule)
    }
    Microsoft.PowerShell.Security\Set-Acl -LiteralPath $Path -AclObject $acl
}
