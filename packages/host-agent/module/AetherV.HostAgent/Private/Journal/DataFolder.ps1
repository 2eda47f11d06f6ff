function Get-DataFolder {
    <#
    .SYNOPSIS
    A folder of the agent's own data, made with an explicit access list where it is missing.
    .DESCRIPTION
    AETHERV_AGENT_DATA names another place than %ProgramData%\Aether-V.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [ValidateSet('journal', 'keys', 'cancel', 'active')] [string] $Name)
    $root = [System.Environment]::GetEnvironmentVariable('AETHERV_AGENT_DATA')
    if ([string]::IsNullOrEmpty($root)) {
        $root = [System.IO.Path]::Combine([System.Environment]::GetFolderPath([System.Environment+SpecialFolder]::CommonApplicationData), 'Aether-V')
    }
    if (-not [System.IO.Directory]::Exists($root)) {
        [void] [System.IO.Directory]::CreateDirectory($root)
        Protect-DataFolder -Path $root
    }
    $folder = [System.IO.Path]::Combine($root, $Name)
    [void] [System.IO.Directory]::CreateDirectory($folder)
    return $folder
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
    $acl = Get-Acl -LiteralPath $Path
    $acl.SetAccessRuleProtection($true, $false)
    # Well-known SIDs (MS-DTYP 2.4.2.4), since names of groups are localized.
    $rights = [ordered]@{ 'S-1-5-18' = 'FullControl'; 'S-1-5-32-544' = 'FullControl'; 'S-1-5-32-578' = 'Modify' }
    foreach ($entry in $rights.GetEnumerator()) {
        $who = [System.Security.Principal.SecurityIdentifier]::new($entry.Key)
        $rule = [System.Security.AccessControl.FileSystemAccessRule]::new($who, $entry.Value, 'ContainerInherit,ObjectInherit', 'None', 'Allow')
        $acl.AddAccessRule($rule)
    }
    Set-Acl -LiteralPath $Path -AclObject $acl
}
