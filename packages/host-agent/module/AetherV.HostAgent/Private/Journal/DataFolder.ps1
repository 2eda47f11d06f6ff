function Get-DataFolder {
    <#
    .SYNOPSIS
    A folder of the agent's own data. With -Create it is made, with an explicit access list, if it is missing.
    .DESCRIPTION
    AETHERV_AGENT_DATA names another place than %ProgramData%\Aether-V. Only what changes something on the host creates it: a host that
    is only read keeps no file of ours.
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
    Makes the data folder under a name that nobody knows, and gives it its own only when nobody else can write into it any more: what
    lies in %ProgramData% any user may write into, until its access list says otherwise.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    $new = "$Path.$([System.Guid]::NewGuid().ToString('N'))"
    [void] [System.IO.Directory]::CreateDirectory($new)
    Protect-DataFolder -Path $new
    if ([System.IO.Directory]::GetFileSystemEntries($new).Length -gt 0) {
        throw (New-OperationFailure -Code 'access-denied' -Message "Another account wrote to $new while the agent created it, so the folder is not trusted." -Remedy 'Check which account wrote there, then retry.')
    }
    # Somebody else, an agent perhaps, may have made it meanwhile; then that one is looked at.
    try { [System.IO.Directory]::Move($new, $Path) }
    catch [System.IO.IOException] { [System.IO.Directory]::Delete($new) }
}

function Assert-DataFolder {
    <#
    .SYNOPSIS
    Refuses a data folder that somebody else made or can write into: what is in it is believed, and acted on.
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
    Lets only SYSTEM, administrators and Hyper-V administrators into the folder; what it would inherit from %ProgramData% lets
    every user create files.
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
