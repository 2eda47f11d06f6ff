function Get-DeletePlan {
    <#
    .SYNOPSIS
    What a deletion may take away and what must stay, while Hyper-V can still be asked: the whole chain of every disk, now and in
    checkpoints.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [bool] $DeleteDisks
    )
    $configuration = Read-HostConfiguration
    $id = $Vm['vmId'].ToUpperInvariant()
    $drives = @((Read-DrivePath)[$id] | Where-Object -FilterScript { $null -ne $_ })
    $parents = Read-ParentTable -Path $drives
    $chain = New-Object -TypeName 'System.Collections.ArrayList'
    $own = New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($drive in $drives) {
        $isOwn = $true
        foreach ($path in @(Get-DiskChain -Path $drive -Parent $parents)) {
            if ($chain -notcontains $path) { [void] $chain.Add($path) }
            if ($isOwn -and $own -notcontains $path) { [void] $own.Add($path) }
            # The files that checkpoints made, and the one below them; what that was made from is somebody else's.
            if ($path -notmatch '\.avhdx?\z') { $isOwn = $false }
        }
    }
    $stay = New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($disk in $Vm['disks']) {
        if ($disk['type'] -ceq 'PassThrough') { [void] $stay.Add([ordered]@{ path = $disk['path']; reason = 'pass-through'; message = 'It is a physical disk.' }) }
        elseif ($disk['shared']) { [void] $stay.Add([ordered]@{ path = $disk['path']; reason = 'shared'; message = 'Several VMs share it.' }) }
    }
    $use = Read-FileUse -Path $chain.ToArray() -Configuration $configuration
    foreach ($path in $chain) {
        if ($null -ne (Select-Left -List $stay.ToArray() -Path $path)) { continue }
        $reason = if (-not $DeleteDisks) { [ordered]@{ path = $path; reason = 'kept'; message = 'Deleting disks was not asked for.' } }
        elseif ($own -contains $path) { Get-ReasonToStay -Path $path -VmId $Vm['vmId'] -Own $own.ToArray() -Use $use -Configuration $configuration }
        else { [ordered]@{ path = $path; reason = 'parent-of-others'; message = 'A disk was made from it; it is not the VM''s own.' } }
        if ($null -ne $reason) { [void] $stay.Add($reason) }
    }
    $folders = New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($path in @($chain | ForEach-Object -Process { $_.Substring(0, $_.LastIndexOf('\')) }) + @("$($Vm['configurationPath'])\Virtual Machines", $Vm['configurationPath'])) {
        if ($folders -notcontains $path) { [void] $folders.Add($path) }
    }
    return [ordered]@{
        name = $Vm['name']; configurationPath = $Vm['configurationPath']; chain = $chain.ToArray(); own = $own.ToArray(); stay = $stay.ToArray(); folders = $folders.ToArray()
    }
}

function Select-Left {
    <#
    .SYNOPSIS
    What is noted about a file that must stay.
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
    The files of all drives of each VM, now and in its checkpoints, by the VM's GUID.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param()
    $owners = @{}
    foreach ($setting in Get-VirtualizationInstance -ClassName 'Msvm_VirtualSystemSettingData') {
        $owners[(Get-InstanceOwner -InstanceId ([string]$setting.InstanceID))] = [string]$setting.VirtualSystemIdentifier
    }
    $paths = @{}
    foreach ($one in Get-VirtualizationInstance -ClassName 'CIM_ResourceAllocationSettingData') {
        if ($one.ResourceSubType -ne 'Microsoft:Hyper-V:Virtual Hard Disk') { continue }
        $owner = $owners[(Get-InstanceOwner -InstanceId ([string]$one.InstanceID))]
        if ($null -eq $owner) { continue }
        foreach ($path in @($one.HostResource)) {
            if ([string]::IsNullOrEmpty([string]$path)) { continue }
            if (-not $paths.ContainsKey($owner)) { $paths[$owner] = New-Object -TypeName 'System.Collections.ArrayList' }
            if ($paths[$owner] -notcontains $path) { [void] $paths[$owner].Add([string]$path) }
        }
    }
    return $paths
}

function Read-ParentTable {
    <#
    .SYNOPSIS
    The parent of each of these disks and of their parents, level by level, by path as it is compared.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Path)
    $table = @{}
    $level = @($Path)
    while ($level.Length -gt 0) {
        $next = New-Object -TypeName 'System.Collections.ArrayList'
        foreach ($file in Get-VirtualDiskFile -Path ([string[]]$level)) {
            $parent = [string]$file.ParentPath
            if ($parent -eq '') { continue }
            $table[(Get-PathKey -Path $file.Path)] = $parent
            if (-not $table.ContainsKey((Get-PathKey -Path $parent))) { [void] $next.Add($parent) }
        }
        $level = $next.ToArray()
    }
    return $table
}

function Get-DiskChain {
    <#
    .SYNOPSIS
    The paths of a disk and of its parents, down to the base.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [hashtable] $Parent
    )
    $seen = @{}
    for ($next = $Path; $null -ne $next -and -not $seen.ContainsKey((Get-PathKey -Path $next)); $next = $Parent[(Get-PathKey -Path $next)]) {
        $seen[(Get-PathKey -Path $next)] = $true
        $next
    }
}
