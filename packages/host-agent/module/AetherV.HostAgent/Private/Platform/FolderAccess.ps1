# Who may change a folder or a file, by well-known SIDs (MS-DTYP 2.4.2.4), since names of groups are localized.

$script:TrustedInstaller = 'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464'
# SYSTEM, Administrators, TrustedInstaller. Creator Owner only stands for whoever owns what is made inside.
$script:TrustedOwners = @('S-1-5-18', 'S-1-5-32-544', $script:TrustedInstaller)
$script:CreatorOwner = 'S-1-3-0'
$script:HyperVAdministrators = 'S-1-5-32-578'
# FileSystemRights with which one changes what is there: WriteData, AppendData, WriteExtendedAttributes, DeleteSubdirectoriesAndFiles,
# WriteAttributes, Delete, ChangePermissions, TakeOwnership; GENERIC_WRITE and GENERIC_ALL (MS-DTYP 2.4.3).
$script:WriteRights = 2 + 4 + 16 + 64 + 256 + 65536 + 262144 + 524288 + 0x40000000 + 0x10000000

# Those with which one puts another folder in the place of one that is below: DeleteSubdirectoriesAndFiles, Delete, ChangePermissions,
# TakeOwnership, GENERIC_ALL. To make more folders there, as every user may on a system drive, is none of them.
$script:ReplaceRights = 64 + 65536 + 262144 + 524288 + 0x10000000

function Read-FolderAccess {
    <#
    .SYNOPSIS
    Owner and allowing rules of a folder or a file, by SID; null where there are no such things (not Windows).
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
    Who could change what is in a folder or a file, in words; null if only administrators can. With -Above: who could replace a folder
    that is below it.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Access,
        [AllowEmptyCollection()] [string[]] $Also = @(),
        [switch] $Above
    )
    if ($script:TrustedOwners -cnotcontains $Access.Owner) { return "it belongs to $($Access.Owner)" }
    $trusted = $script:TrustedOwners + $script:CreatorOwner + $Also
    $dangerous = if ($Above) { $script:ReplaceRights } else { $script:WriteRights }
    foreach ($rule in $Access.Rules) {
        # What a rule gives to what is below alone is seen there: "C:\" has one that lets all users change what they make.
        if ($Above -and $rule['InheritOnly']) { continue }
        if ($trusted -cnotcontains $rule.Sid -and ($rule.Rights -band $dangerous) -ne 0) { return "$($rule.Sid) may $(if ($Above) { 'replace what is below' } else { 'write there' })" }
    }
    return $null
}
