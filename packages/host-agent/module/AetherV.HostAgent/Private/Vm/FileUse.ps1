function Read-FileUse {
    <#
    .SYNOPSIS
    Who needs these files: the VMs of this host, by their chains, and disks in the storage that stand on them.
    .DESCRIPTION
    Whether a VM of another node needs a file on shared storage, no single host can say: the service asks all nodes.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Path,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Configuration
    )
    $use = @{ Users = @{}; Children = @{} }
    if ($Path.Length -eq 0) { return $use }
    $drives = Read-DrivePath
    $parents = Read-ParentTable -Path @(foreach ($list in $drives.Values) { $list })
    foreach ($vmId in $drives.Keys) {
        foreach ($drive in $drives[$vmId]) {
            foreach ($link in @(Get-DiskChain -Path $drive -Parent $parents)) { Add-ToList -Table $use.Users -Key $link.ToUpperInvariant() -Value $vmId }
        }
    }
    $roots = @{}
    foreach ($one in $Path) {
        $root = Get-StorageRoot -Configuration $Configuration -Path $one
        if ($null -ne $root) { $roots[$root] = $true }
    }
    foreach ($root in $roots.Keys) {
        $files = @(foreach ($file in Get-HostFolderFile -Path $root -Filter '*.*vhd*' -Recurse) { [string]$file.FullName })
        foreach ($disk in Get-VirtualDiskFile -Path ([string[]]$files)) {
            if (-not [string]::IsNullOrEmpty([string]$disk.ParentPath)) { Add-ToList -Table $use.Children -Key "$($disk.ParentPath)".ToUpperInvariant() -Value ([string]$disk.Path) }
        }
    }
    return $use
}

function Get-ReasonToStay {
    <#
    .SYNOPSIS
    Why a file of a VM must stay; null when it may go. What the VM itself is to other files does not count.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Own,
        [Parameter(Mandatory)] [hashtable] $Use,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Configuration
    )
    if ($null -eq (Get-StorageRoot -Configuration $Configuration -Path $Path)) {
        return [ordered]@{ path = $Path; reason = 'outside-storage'; message = 'It lies outside the storage classes of this host.' }
    }
    $key = $Path.ToUpperInvariant()
    foreach ($user in Get-List -Table $Use.Users -Key $key) {
        if ($user -ne $VmId) { return [ordered]@{ path = $Path; reason = 'in-use'; message = "The VM $("$user".ToLowerInvariant()) needs it." } }
    }
    foreach ($child in Get-List -Table $Use.Children -Key $key) {
        if ($Own -notcontains $child) { return [ordered]@{ path = $Path; reason = 'parent-of-others'; message = "`"$child`" stands on it." } }
    }
    return $null
}
