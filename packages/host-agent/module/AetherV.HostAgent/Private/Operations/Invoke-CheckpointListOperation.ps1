Register-Operation -Op 'checkpoint.list' -Function 'Invoke-CheckpointListOperation'

function Invoke-CheckpointListOperation {
    <#
    .SYNOPSIS
    checkpoint.list: returns the tree, parents before their children, and the size of each checkpoint's own files.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    $vm = Read-OneVm -VmId $Context.Request['vmId']
    $all = @($vm['checkpoints'])
    $sizes = if ($vm['critical']) { @{} } else { Read-CheckpointSize -CheckpointId @(foreach ($one in $all) { $one['id'] }) }
    $ids = @(foreach ($one in $all) { if ($null -eq $one['parentId']) { Get-CheckpointSubtree -Checkpoint $all -CheckpointId $one['id'] } })
    $list = @(foreach ($id in $ids) {
            $checkpoint = [ordered]@{}
            foreach ($entry in (Select-VmCheckpoint -Vm $vm -CheckpointId $id).GetEnumerator()) { $checkpoint[[string]$entry.Key] = $entry.Value }
            $checkpoint['size'] = $sizes[$id]
            $checkpoint
        })
    $Context.Result = [ordered]@{ vmId = $vm['vmId']; checkpoints = $list }
}

function Read-CheckpointSize {
    <#
    .SYNOPSIS
    Bytes of the files that checkpoints made among the disks of each of these checkpoints, by id; none for one whose files cannot be
    read.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [string[]] $CheckpointId)
    $paths = @{}
    $sizes = @{}
    foreach ($id in $CheckpointId) { $sizes[$id] = [long]0 }
    foreach ($one in Get-VirtualizationInstance -ClassName 'CIM_ResourceAllocationSettingData') {
        $owner = (Get-InstanceOwner -InstanceId ([string]$one.InstanceID)).ToLowerInvariant()
        if ($one.ResourceSubType -ne 'Microsoft:Hyper-V:Virtual Hard Disk' -or -not $sizes.ContainsKey($owner)) { continue }
        foreach ($path in @($one.HostResource)) { if ("$path" -match '\.avhdx?\z') { Add-ToList -Table $paths -Key $owner -Value ([string]$path) } }
    }
    $files = @{}
    Read-DiskTable -Table $files -Path @(foreach ($list in $paths.Values) { $list }) -WithSize
    foreach ($id in $CheckpointId) {
        foreach ($path in Get-List -Table $paths -Key $id) {
            if ($null -eq $sizes[$id]) { continue }
            $file = $files[(Get-PathKey -Path $path)]
            $sizes[$id] = if ($null -eq $file.Problem -and $null -ne $file.FileSize) { $sizes[$id] + [long]$file.FileSize } else { $null }
        }
    }
    return $sizes
}
