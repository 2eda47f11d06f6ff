function Get-DeletePlan {
    <#
    .SYNOPSIS
    Returns which files a deletion may remove and which must be kept, from the whole chain of every disk, current and in
    checkpoints. Runs while the VM still exists.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [bool] $DeleteDisks,
        [Parameter(Mandatory)] [hashtable] $Use
    )
    $chain = $Use.Chain
    $own = $Use.Own
    $stay = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($disk in $Vm['disks']) {
        if ($disk['type'] -ceq 'PassThrough') { [void] $stay.Add([ordered]@{ path = $disk['path']; reason = 'pass-through'; message = 'The disk is a physical disk.' }) }
        elseif ($disk['shared']) { [void] $stay.Add([ordered]@{ path = $disk['path']; reason = 'shared'; message = 'Several VMs share the disk.' }) }
    }
    foreach ($path in $chain) {
        if ($null -ne (Select-Left -List $stay.ToArray() -Path $path)) { continue }
        $reason = if (-not $DeleteDisks) { [ordered]@{ path = $path; reason = 'kept'; message = 'The request does not delete disks.' } }
        elseif ($own -contains $path) { Get-ReasonToStay -Path $path -VmId $Vm['vmId'] -Own $own -Use $Use }
        else { [ordered]@{ path = $path; reason = 'parent-of-others'; message = 'The file is a parent disk that does not belong to the VM alone.' } }
        if ($null -ne $reason) { [void] $stay.Add($reason) }
    }
    $folders = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($path in @($chain | Microsoft.PowerShell.Core\ForEach-Object -Process { $_.Substring(0, $_.LastIndexOf('\')) }) + @("$($Vm['configurationPath'])\Virtual Machines", $Vm['configurationPath'])) {
        if ($folders -notcontains $path) { [void] $folders.Add($path) }
    }
    $role = if ($null -eq $Vm['clusterRole']) { $null } else { $Vm['clusterRole']['name'] }
    return [ordered]@{
        name = $Vm['name']; role = $role; configurationPath = $Vm['configurationPath']; chain = $chain; own = $own; stay = $stay.ToArray(); folders = $folders.ToArray()
    }
}

function Get-DiskDeletePlan {
    <#
    .SYNOPSIS
    Returns the files that disk.delete removes: those that belong to the disk alone. Refuses the deletion if one of them
    must be kept.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Disk,
        [Parameter(Mandatory)] [hashtable] $Use
    )
    $path = $Disk['path']
    if (@($Vm['checkpoints']).Count -gt 0) { Deny-Operation -Context $Context -Code 'in-use' -Message "Checkpoints of `"$($Vm['name'])`" depend on `"$path`"." -Remedy 'Delete the checkpoints of the VM first.' }
    if ($Disk['shared']) { Deny-Operation -Context $Context -Code 'in-use' -Message "`"$path`" is shared by several VMs." }
    if ($Disk['type'] -ceq 'PassThrough') { Deny-Operation -Context $Context -Code 'conflict' -Message "`"$path`" is a physical disk: it can be detached, not deleted." }
    $own = @($Use.Own)
    foreach ($one in $own) {
        $reason = Get-ReasonToStay -Path $one -VmId $Vm['vmId'] -Own $own -Use $Use
        if ($null -ne $reason) { Deny-Operation -Context $Context -Code 'in-use' -Message "`"$one`" cannot be deleted. $($reason['message'])" }
    }
    return [ordered]@{ role = $null; configurationPath = $null; chain = $own; own = $own; stay = @(); folders = @($path.Substring(0, $path.LastIndexOf('\'))) }
}

function Assert-MergeSafe {
    <#
    .SYNOPSIS
    Refuses to delete checkpoints if that would merge disks into a file that others depend on, because the merge would
    corrupt those.
    .DESCRIPTION
    Of the files and folders to keep, only files count: a folder is listed because a host did not respond, and an
    unreachable node should not block every deletion.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [hashtable] $Use
    )
    if (@($Vm['checkpoints']).Count -eq 0) { return }
    $id = $Vm['vmId'].ToUpperInvariant()
    $own = @{}
    foreach ($path in $Use.Own) { $own[(Get-PathKey -Path $path)] = $path }
    foreach ($path in $Use.Own) {
        $key = Get-PathKey -Path $path
        $other = $null
        foreach ($user in Get-List -Table $Use.Users -Key $key) { if ($user -ne $id) { $other = "the VM $("$user".ToLowerInvariant())" } }
        foreach ($child in Get-List -Table $Use.Children -Key $key) { if (-not $own.ContainsKey((Get-PathKey -Path $child))) { $other = "`"$child`"" } }
        if ($Use.Elsewhere.ContainsKey($key) -or $Use.Keep -ccontains $key) { $other = 'a VM on another host' }
        if ($null -ne $other) {
            Deny-Operation -Context $Context -Code 'in-use' -Message "The disks of `"$($Vm['name'])`" would be merged into `"$path`", which $other depends on." -Remedy 'Remove that dependency first, or keep the checkpoints.'
        }
    }
}

function Select-OwnPart {
    <#
    .SYNOPSIS
    Returns the files of a chain that belong to the disk alone: its checkpoint files and the disk below them. The
    parents of that disk may have other users.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [string[]] $Chain)
    foreach ($path in $Chain) {
        $path
        if ($path -notmatch '\.avhdx?\z') { return }
    }
}

function Select-Left {
    <#
    .SYNOPSIS
    Returns the entry for a file that must be kept; null if there is none.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $List,
        [Parameter(Mandatory)] [string] $Path
    )
    foreach ($one in $List) { if ($null -ne $one -and (Get-PathKey -Path $one['path']) -ceq (Get-PathKey -Path $Path)) { return $one } }
    return $null
}

function Read-DrivePath {
    <#
    .SYNOPSIS
    Returns the files of all drives of each VM, current and in checkpoints, by the VM's GUID.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param()
    $owners = @{}
    foreach ($setting in Get-VirtualizationInstance -ClassName 'Msvm_VirtualSystemSettingData') {
        $owners[(Get-InstanceOwner -InstanceId ([string]$setting.InstanceID))] = [string]$setting.VirtualSystemIdentifier
    }
    # An empty list may also mean that Hyper-V is stopping or that the account has no permission.
    if ($owners.Count -eq 0 -and -not (Test-VirtualizationReadable)) { throw (New-OperationFailure -Code 'agent-error' -Message 'Hyper-V did not return its list of VMs.') }
    $paths = @{}
    foreach ($one in Get-VirtualizationInstance -ClassName 'CIM_ResourceAllocationSettingData') {
        if ($one.ResourceSubType -ne 'Microsoft:Hyper-V:Virtual Hard Disk') { continue }
        $owner = $owners[(Get-InstanceOwner -InstanceId ([string]$one.InstanceID))]
        if ($null -eq $owner) { continue }
        foreach ($path in @($one.HostResource)) {
            if ([string]::IsNullOrEmpty([string]$path)) { continue }
            if (-not $paths.ContainsKey($owner)) { $paths[$owner] = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList' }
            if ($paths[$owner] -notcontains $path) { [void] $paths[$owner].Add([string]$path) }
        }
    }
    return $paths
}

function Get-DiskChain {
    <#
    .SYNOPSIS
    Returns the paths of a disk and its parents, down to the base.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [hashtable] $Disk
    )
    $seen = @{}
    for ($next = $Path; -not [string]::IsNullOrEmpty($next);) {
        $key = Get-PathKey -Path $next
        if ($seen.ContainsKey($key)) { return }
        $seen[$key] = $true
        $next
        $next = if ($Disk.ContainsKey($key)) { $Disk[$key].ParentPath } else { $null }
    }
}
