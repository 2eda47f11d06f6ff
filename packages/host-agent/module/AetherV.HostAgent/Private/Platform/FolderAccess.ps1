# Access to folders and files by well-known SIDs (MS-DTYP 2.4.2.4), because group names are localized.

$script:TrustedInstaller = 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464'
# SYSTEM, Administrators, TrustedInstaller. Creator Owner only stands for the owner of new items.
$script:TrustedOwners = @('S-1-5-18', 'S-1-5-32-544', $script:TrustedInstaller)
$script:CreatorOwner = 'S-1-3-0'
$script:HyperVAdministrators = 'S-1-5-32-578'
# FileSystemRights that allow changes: WriteData, AppendData, WriteExtendedAttributes, DeleteSubdirectoriesAndFiles,
# WriteAttributes, Delete, ChangePermissions, TakeOwnership; GENERIC_WRITE and GENERIC_ALL (MS-DTYP 2.4.3).
$script:WriteRights = 2 + 4 + 16 + 64 + 256 + 65536 + 262144 + 524288 + 0x40000000 + 0x10000000

# FileSystemRights that allow replacing a subfolder: DeleteSubdirectoriesAndFiles, Delete, ChangePermissions,
# TakeOwnership, GENERIC_ALL. Creating folders, which every user may do on a system drive, is not among them.
$script:ReplaceRights = 64 + 65536 + 262144 + 524288 + 0x10000000

function Read-FolderAccess {
    <#
    .SYNOPSIS
    Returns owner and allow rules of a folder or file by SID; null if the system has no access lists (not Windows).
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [string] $Path)
    if ([System.Environment]::OSVersion.Platform -ne [System.PlatformID]::Win32NT) { return $null }
    $acl = Microsoft.PowerShell.Security\Get-Acl -LiteralPath $Path
    $rules = @(foreach ($rule in $acl.GetAccessRules($true, $true, [System.Security.Principal.SecurityIdentifier])) {
            if ("$($rule.AccessControlType)" -eq 'Allow') { @{ Sid = [string]$rule.IdentityReference.Value; Rights = [long]$rule.FileSystemRights; InheritOnly = "$($rule.PropagationFlags)".Contains('InheritOnly') } }
        })
    return @{ Owner = [string]$acl.GetOwner([System.Security.Principal.SecurityIdentifier]).Value; Rules = $rules }
}

function Find-FolderRisk {
    <#
    .SYNOPSIS
    Returns a text that names the accounts that could change a folder or file; null if only administrators can. With
    -Above, the accounts that could replace a subfolder.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Access,
        [AllowEmptyCollection()] [string[]] $Also = @(),
        [switch] $Above
    )
    if ($script:TrustedOwners -cnotcontains $Access.Owner) { return "it is owned by $($Access.Owner)" }
    $trusted = $script:TrustedOwners + $script:CreatorOwner + $Also
    $dangerous = if ($Above) { $script:ReplaceRights } else { $script:WriteRights }
    foreach ($rule in $Access.Rules) {
        # Rules that apply only to children are checked there: "C:\" has one that lets all users change what they
        # create.
        if ($Above -and $rule['InheritOnly']) { continue }
        if ($trusted -cnotcontains $rule.Sid -and ($rule.Rights -band $dangerous) -ne 0) { return "$($rule.Sid) may $(if ($Above) { 'replace its subfolders' } else { 'write to it' })" }
    }
    return $null
}
