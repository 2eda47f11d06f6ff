function Read-FileUse {
    <#
    .SYNOPSIS
    Who needs these files: the VMs of this host, by their chains, and disks in the storage that stand on them.
    .DESCRIPTION
    Whether a VM of another node needs a file on shared storage, no single host can say: the service asks all nodes, and names in the
    request what must stay, files and whole folders.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Path,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Configuration,
        [AllowNull()] [AllowEmptyCollection()] [object[]] $Keep = @()
    )
    $use = @{ Users = @{}; Children = @{}; Unread = @{}; Keep = @(foreach ($one in $Keep) { if ($null -ne $one) { Get-PathKey -Path $one } }) }
    if ($Path.Length -eq 0) { return $use }
    $use.Users = Read-DiskUser
    $roots = @{}
    foreach ($one in $Path) {
        $root = Get-StorageRoot -Configuration $Configuration -Path $one
        if ($null -ne $root) { $roots[$root] = $true }
    }
    foreach ($root in $roots.Keys) {
        $files = @(foreach ($file in Get-HostFolderFile -Path $root -Filter '*.*vhd*' -Recurse) { [string]$file.FullName })
        $read = @{}
        foreach ($disk in Get-VirtualDiskFile -Path ([string[]]$files)) {
            $read[(Get-PathKey -Path $disk.Path)] = $true
            if ([string]::IsNullOrEmpty([string]$disk.ParentPath)) { continue }
            if (Test-PathPlain -Path $disk.ParentPath) { Add-ToList -Table $use.Children -Key (Get-PathKey -Path $disk.ParentPath) -Value ([string]$disk.Path) }
            else { Add-ToList -Table $use.Users -Key '?' -Value @{ VmId = ''; Path = [string]$disk.ParentPath } }
        }
        # What cannot be read may stand on anything. The filter also finds the files of change tracking, which are no disks.
        foreach ($file in $files) { if ($file -match '\.a?vhdx?\z' -and -not $read.ContainsKey((Get-PathKey -Path $file))) { $use.Unread[$root] = $file; break } }
    }
    return $use
}

function Read-DiskUser {
    <#
    .SYNOPSIS
    The VMs of this host that need a file, by its path as it is compared. Under "?" what VMs need by paths that cannot be compared.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param()
    $users = @{}
    $drives = Read-DrivePath
    $parents = Read-ParentTable -Path @(foreach ($list in $drives.Values) { $list })
    foreach ($vmId in $drives.Keys) {
        foreach ($drive in $drives[$vmId]) {
            foreach ($link in @(Get-DiskChain -Path $drive -Parent $parents)) {
                if (-not (Test-PathPlain -Path ($link -replace '\A\\\\\?\\(?=[A-Za-z]:)', ''))) { Add-ToList -Table $users -Key '?' -Value @{ VmId = $vmId; Path = $link } }
                Add-ToList -Table $users -Key (Get-PathKey -Path $link) -Value $vmId
                # \\server\C$\x may be C:\x of this host, whatever the server is called here.
                if ($link -match '\A[\\/]{2}[^\\/]+[\\/]([A-Za-z])\$([\\/].*)\z') { Add-ToList -Table $users -Key (Get-PathKey -Path "$($Matches[1]):$($Matches[2])") -Value $vmId }
            }
        }
    }
    return $users
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
    $root = Get-StorageRoot -Configuration $Configuration -Path $Path
    if ($null -eq $root -or -not (Test-PathPlain -Path $Path)) {
        return [ordered]@{ path = $Path; reason = 'outside-storage'; message = 'It lies outside the storage classes of this host.' }
    }
    if (Test-HostImage -Configuration $Configuration -Path $Path) { return [ordered]@{ path = $Path; reason = 'in-use'; message = 'It is an image of this host.' } }
    if ($Use.Unread.ContainsKey($root)) { return [ordered]@{ path = $Path; reason = 'failed'; message = "It could not be checked: `"$($Use.Unread[$root])`" cannot be read, and may stand on it." } }
    $key = Get-PathKey -Path $Path
    foreach ($one in $Use.Keep) {
        if ($key -ceq $one -or $key.StartsWith("$one\", [System.StringComparison]::Ordinal)) { return [ordered]@{ path = $Path; reason = 'in-use'; message = 'Another host needs it, or could not be asked.' } }
    }
    foreach ($user in Get-List -Table $Use.Users -Key $key) {
        if ($user -ne $VmId) { return [ordered]@{ path = $Path; reason = 'in-use'; message = "The VM $("$user".ToLowerInvariant()) needs it." } }
    }
    # A short name may stand for this file.
    foreach ($unclear in Get-List -Table $Use.Users -Key '?') {
        if ($unclear.VmId -ne $VmId) { return [ordered]@{ path = $Path; reason = 'failed'; message = "It could not be checked: `"$($unclear.Path)`" is in use, and may be this file." } }
    }
    $ownKeys = @(foreach ($one in $Own) { Get-PathKey -Path $one })
    foreach ($child in Get-List -Table $Use.Children -Key $key) {
        if ($ownKeys -notcontains (Get-PathKey -Path $child)) { return [ordered]@{ path = $Path; reason = 'parent-of-others'; message = "`"$child`" stands on it." } }
    }
    return $null
}
