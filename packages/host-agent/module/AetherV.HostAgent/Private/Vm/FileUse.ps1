function Read-FileUse {
    <#
    .SYNOPSIS
    Who needs files: leaves in $Saga.Use the VMs of this host by their chains, the disks in the storage that stand on them, and what other
    hosts need. The files are those of a VM, or those that are named.
    .DESCRIPTION
    Whether a VM of another node needs a file on shared storage, no single host can say: the service asks all nodes, and names in the request
    what must stay, and which disk of another host stands on what. A disk that another node has open cannot be read here, and need not be
    where its parent is named.
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
        # The drive of a VM that lies in the same place may stand on what is below the root, too.
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
    Notes that a disk stands on another; where that is named by a path that cannot be compared, it may be any.
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
    The chains of these disks, and which files of them are the disks' own.
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
    The VMs of this host that need a file, by its path as it is compared. Under "?" what VMs need by paths that cannot be compared.
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
    # Whoever deletes a file that does not answer waits as long as its storage does.
    if ($Use.Disks.ContainsKey($key) -and $Use.Disks[$key].Hung) { return [ordered]@{ path = $Path; reason = 'failed'; message = $Use.Disks[$key].Problem } }
    foreach ($one in $Use.Keep) {
        if ($key -ceq $one -or $key.StartsWith("$one\", [System.StringComparison]::Ordinal)) { return [ordered]@{ path = $Path; reason = 'in-use'; message = 'Another host uses the file, or did not respond.' } }
    }
    foreach ($user in Get-List -Table $Use.Users -Key $key) {
        if ($user -ne $VmId) { return [ordered]@{ path = $Path; reason = 'in-use'; message = "The VM $("$user".ToLowerInvariant()) uses the file." } }
    }
    # A short name may stand for this file.
    foreach ($unclear in Get-List -Table $Use.Users -Key '?') {
        if ($unclear.VmId -ne $VmId) { return [ordered]@{ path = $Path; reason = 'failed'; message = "The use of the file could not be checked: `"$($unclear.Path)`" is in use and may be the same file." } }
    }
    foreach ($child in Get-List -Table $Use.Children -Key $key) {
        if ($ownKeys -notcontains (Get-PathKey -Path $child)) { return [ordered]@{ path = $Path; reason = 'parent-of-others'; message = "`"$child`" is based on the file." } }
    }
    # What cannot be read may stand on anything in its storage class, the VM's own disks apart.
    foreach ($unread in Get-List -Table $Use.Unread -Key $root) {
        if ($ownKeys -notcontains (Get-PathKey -Path $unread)) { return [ordered]@{ path = $Path; reason = 'failed'; message = Limit-Text -Text "The use of the file could not be checked: `"$unread`" cannot be read and may depend on it." } }
    }
    return $null
}
