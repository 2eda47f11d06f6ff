function Read-FileUse {
    <#
    .SYNOPSIS
    Reads the users of the given files or of a VM's files into $Saga.Use: the VMs of this host by disk chain, the disks
    in the storage that are based on the files, and the use by other hosts.
    .DESCRIPTION
    A single host cannot tell if a VM of another node uses a file on shared storage. The service therefore asks all
    nodes, and the request names the files to keep and the parents of disks on other hosts. A disk that another node has
    open cannot be read here, which is not needed if the request names its parent.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [string] $VmId = '',
        [AllowEmptyCollection()] [object[]] $Path = @()
    )
    $request = $Saga.Context.Request
    $configuration = Read-HostConfiguration
    $use = @{
        Configuration = $configuration; Users = @{}; Children = @{}; Unread = @{}; Disks = @{}; Elsewhere = @{}; Chain = @(); Own = @()
        Keep = @(foreach ($one in @($request['keep'])) { if ($null -ne $one) { Get-PathKey -Path $one } })
    }
    foreach ($one in @($request['disksElsewhere'])) {
        if ($null -eq $one) { continue }
        $use.Elsewhere[(Get-PathKey -Path $one['path'])] = $one['parentPath']
        if ($null -ne $one['parentPath']) { Add-Child -Use $use -Path $one['path'] -Parent $one['parentPath'] }
    }
    $drives = Read-DrivePath
    $all = @(foreach ($list in $drives.Values) { $list })
    Read-DiskTable -Context $Saga.Context -Table $use.Disks -Path $all -Known $use.Elsewhere
    $use.Users = Get-DiskUser -Drive $drives -Disk $use.Disks
    $heads = @(if ($VmId -ne '' -and $drives.ContainsKey($VmId.ToUpperInvariant())) { $drives[$VmId.ToUpperInvariant()] }) + @($Path)
    Read-DiskTable -Context $Saga.Context -Table $use.Disks -Path $heads -Known $use.Elsewhere
    Add-OwnChain -Use $use -Path $heads
    $roots = @{}
    foreach ($one in $use.Chain) {
        $root = Get-StorageRoot -Configuration $configuration -Path $one
        if ($null -ne $root) { $roots[$root] = $true }
    }
    foreach ($root in $roots.Keys) {
        $found = Find-HostDisk -Path $root
        Read-DiskTable -Context $Saga.Context -Table $use.Disks -Path $found.Files -Known $use.Elsewhere
        foreach ($folder in $found.Unread) {
            Add-ToList -Table $use.Unread -Key $root -Value $folder
            Write-LogLine -Context $Saga.Context -Level 'warning' -Message "The folder `"$folder`" could not be read: its files were not checked."
        }
        # The disk of a VM in the same place may be based on a file below the root too.
        $near = @(foreach ($drive in $all) { if ((Get-DiskPlace -Key (Get-PathKey -Path $drive)) -ceq (Get-DiskPlace -Key (Get-PathKey -Path $root))) { $drive } })
        foreach ($file in @($found.Files) + $near) {
            $disk = $use.Disks[(Get-PathKey -Path $file)]
            if ($null -ne $disk.Problem) { Add-ToList -Table $use.Unread -Key $root -Value $file }
            elseif ($null -ne $disk.ParentPath) { Add-Child -Use $use -Path $file -Parent $disk.ParentPath }
        }
    }
    $Saga.Use = $use
}

function Add-Child {
    <#
    .SYNOPSIS
    Records that a disk is based on a parent. A parent path that cannot be compared may name any file.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Use,
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [string] $Parent
    )
    if (Test-PathPlain -Path $Parent) { Add-ToList -Table $Use.Children -Key (Get-PathKey -Path $Parent) -Value $Path }
    else { Add-ToList -Table $Use.Users -Key '?' -Value @{ VmId = ''; Path = $Parent } }
}

function Add-OwnChain {
    <#
    .SYNOPSIS
    Records the chains of these disks, and the files in them that belong to the disks alone.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Use,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Path
    )
    $chain = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    $own = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($head in $Path) {
        $links = @(Get-DiskChain -Path $head -Disk $Use.Disks)
        foreach ($link in $links) { if ($chain -notcontains $link) { [void] $chain.Add($link) } }
        foreach ($link in @(Select-OwnPart -Chain $links)) { if ($own -notcontains $link) { [void] $own.Add($link) } }
    }
    $Use.Chain = $chain.ToArray()
    $Use.Own = $own.ToArray()
}

function Get-DiskUser {
    <#
    .SYNOPSIS
    Returns the VMs of this host that use a file, by path key. Paths that cannot be compared are under "?".
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [hashtable] $Drive,
        [Parameter(Mandatory)] [hashtable] $Disk
    )
    $users = @{}
    foreach ($vmId in $Drive.Keys) {
        foreach ($head in $Drive[$vmId]) {
            foreach ($link in @(Get-DiskChain -Path $head -Disk $Disk)) {
                if (-not (Test-PathPlain -Path ($link -replace '\A\\\\\?\\(?=[A-Za-z]:)', ''))) { Add-ToList -Table $users -Key '?' -Value @{ VmId = $vmId; Path = $link } }
                Add-ToList -Table $users -Key (Get-PathKey -Path $link) -Value $vmId
                # \\server\C$\x may be C:\x of this host, because the host may have several names.
                if ($link -match '\A[\\/]{2}[^\\/]+[\\/]([A-Za-z])\$([\\/].*)\z') { Add-ToList -Table $users -Key (Get-PathKey -Path "$($Matches[1]):$($Matches[2])") -Value $vmId }
            }
        }
    }
    return $users
}

function Get-ReasonToStay {
    <#
    .SYNOPSIS
    Returns the reason why a file of a VM must be kept; null if it can be deleted. Dependencies within the VM do not
    count.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Own,
        [Parameter(Mandatory)] [hashtable] $Use
    )
    $Configuration = $Use.Configuration
    $root = Get-StorageRoot -Configuration $Configuration -Path $Path
    if ($null -eq $root -or -not (Test-PathPlain -Path $Path)) {
        return [ordered]@{ path = $Path; reason = 'outside-storage'; message = 'The file is outside the storage classes of this host.' }
    }
    if (Test-HostImage -Configuration $Configuration -Path $Path) { return [ordered]@{ path = $Path; reason = 'in-use'; message = 'The file is an image of this host.' } }
    $key = Get-PathKey -Path $Path
    $ownKeys = @(foreach ($one in $Own) { Get-PathKey -Path $one })
    if ($Use.Elsewhere.ContainsKey($key)) { return [ordered]@{ path = $Path; reason = 'in-use'; message = 'A VM on another host uses the file.' } }
    # Deleting a file on unresponsive storage would block.
    if ($Use.Disks.ContainsKey($key) -and $Use.Disks[$key].Hung) { return [ordered]@{ path = $Path; reason = 'failed'; message = $Use.Disks[$key].Problem } }
    foreach ($one in $Use.Keep) {
        if ($key -ceq $one -or $key.StartsWith("$one\", [System.StringComparison]::Ordinal)) { return [ordered]@{ path = $Path; reason = 'in-use'; message = 'Another host uses the file, or did not respond.' } }
    }
    foreach ($user in Get-List -Table $Use.Users -Key $key) {
        if ($user -ne $VmId) { return [ordered]@{ path = $Path; reason = 'in-use'; message = "The VM $("$user".ToLowerInvariant()) uses the file." } }
    }
    # A short name may name this file.
    foreach ($unclear in Get-List -Table $Use.Users -Key '?') {
        if ($unclear.VmId -ne $VmId) { return [ordered]@{ path = $Path; reason = 'failed'; message = "The use of the file could not be checked: `"$($unclear.Path)`" is in use and may be the same file." } }
    }
    foreach ($child in Get-List -Table $Use.Children -Key $key) {
        if ($ownKeys -notcontains (Get-PathKey -Path $child)) { return [ordered]@{ path = $Path; reason = 'parent-of-others'; message = "`"$child`" is based on the file." } }
    }
    # A disk or folder that cannot be read may depend on any file in its storage class, except the VM's own disks.
    foreach ($unread in Get-List -Table $Use.Unread -Key $root) {
        if ($ownKeys -notcontains (Get-PathKey -Path $unread)) { return [ordered]@{ path = $Path; reason = 'failed'; message = Limit-Text -Text "The use of the file could not be checked: `"$unread`" cannot be read and may depend on it." } }
    }
    return $null
}
