function Assert-CreateRequest {
    <#
    .SYNOPSIS
    Checks everything that can be known to fail before anything is created. Returns what the steps need: path, images,
    networks, media.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Request)
    $configuration = Read-HostConfiguration
    $storage = Select-ByName -List $configuration['storage_classes'] -Key 'name' -What 'storage class' -Name $Request['storageClass']
    Assert-MemorySetting -Memory $Request['memory']
    $plan = @{
        Path = $storage['path'].TrimEnd('\'); Images = @(Read-HostImage -Configuration $configuration)
        Networks = @(Read-HostNetwork -Configuration $configuration); Media = @(Read-HostMedium -Configuration $configuration)
    }
    $needed = [long]0
    foreach ($disk in $Request['disks']) { $needed += Get-DiskNeed -Disk $disk -Image $plan.Images }
    foreach ($adapter in $Request['networkAdapters']) {
        if ($null -ne $adapter['network']) { [void] (Select-ByName -List $plan.Networks -Key 'name' -What 'network' -Name $adapter['network']) }
    }
    $dvd = $Request['dvd']
    if ($null -ne $dvd -and $null -ne $dvd['iso']) { [void] (Select-ByName -List $plan.Media -Key 'id' -What 'ISO' -Name $dvd['iso']) }
    Assert-ProcessorCount -Count $Request['processors']
    $addresses = @(foreach ($adapter in $Request['networkAdapters']) { if ($null -ne $adapter['macAddress']) { $adapter['macAddress'] } })
    Assert-FreeAddress -MacAddress $addresses
    Assert-VmNameFree -Name $Request['name']
    Assert-FolderFree -Path "$($plan.Path)\$($Request['name'])"
    $volume = Get-VolumeFacts -Path $plan.Path -Volume @(Get-HostInstance -ClassName 'Win32_Volume')
    if ($Request['clustered']) {
        if ($null -eq (Get-ClusterInstance -ClassName 'MSCluster_Cluster')) { throw (New-OperationFailure -Code 'wrong-state' -Message 'This host is not a cluster node.') }
        if ($volume.Kind -ne 'csv') { throw (New-OperationFailure -Code 'wrong-state' -Message "The storage class `"$($Request['storageClass'])`" is not on a shared volume.") }
    }
    if ($null -ne $volume.Free -and $needed -gt $volume.Free) {
        throw (New-OperationFailure -Code 'out-of-space' -Message "The storage class `"$($Request['storageClass'])`" has $($volume.Free) bytes free, but the disks need $needed." -Remedy 'Free up space there, or choose another storage class.')
    }
    return $plan
}

function Assert-ProcessorCount {
    <#
    .SYNOPSIS
    Throws not-supported if the host has fewer logical processors.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [long] $Count)
    $there = [long](Get-HostInstance -ClassName 'Win32_ComputerSystem').NumberOfLogicalProcessors
    if ($Count -gt $there) { throw (New-OperationFailure -Code 'not-supported' -Message "This host has $there logical processors, but $Count were requested.") }
}

function Assert-MemorySetting {
    <#
    .SYNOPSIS
    Throws bad-request if the limits of dynamic memory contradict each other (packages/types, memoryProblem).
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Memory)
    if (-not $Memory['dynamic']) { return }
    if ($Memory['minimum'] -gt $Memory['startup']) { throw (New-OperationFailure -Code 'bad-request' -Message 'The minimum is greater than the startup memory.') }
    if ($Memory['startup'] -gt $Memory['maximum']) { throw (New-OperationFailure -Code 'bad-request' -Message 'The startup memory is greater than the maximum.') }
}

function Get-DiskNeed {
    <#
    .SYNOPSIS
    Returns the bytes that a new disk takes on its volume. Throws bad-request if the disk would be smaller than its
    image.
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Disk,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Image
    )
    if (-not $Disk.Contains('image')) { return $(if ($Disk['type'] -eq 'Fixed') { $Disk['sizeBytes'] } else { [long]0 }) }
    $found = Select-ByName -List $Image -Key 'id' -What 'image' -Name $Disk['image']
    if ($null -ne $Disk['sizeBytes'] -and $null -ne $found['virtualSize'] -and $Disk['sizeBytes'] -lt $found['virtualSize']) {
        throw (New-OperationFailure -Code 'bad-request' -Message "The image `"$($Disk['image'])`" has $($found['virtualSize']) bytes: a disk of $($Disk['sizeBytes']) bytes cannot hold it.")
    }
    return $found['size']
}

function Assert-VmNameFree {
    <#
    .SYNOPSIS
    Throws conflict if another VM of this host has the name.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Name,
        [string] $Except = ''
    )
    foreach ($setting in Get-VirtualizationInstance -ClassName 'Msvm_VirtualSystemSettingData') {
        if ($setting.VirtualSystemIdentifier -eq $Except) { continue }
        if ($setting.VirtualSystemType -eq 'Microsoft:Hyper-V:System:Realized' -and [string]::Equals([string]$setting.ElementName, $Name, [System.StringComparison]::OrdinalIgnoreCase)) {
            throw (New-OperationFailure -Code 'conflict' -Message "This host already has a VM named `"$Name`"." -Remedy 'Choose another name.')
        }
    }
}

function Assert-FolderFree {
    <#
    .SYNOPSIS
    Throws conflict if a folder exists and is not empty.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    if ((Test-HostFolder -Path $Path) -and -not (Test-HostFolderEmpty -Path $Path)) {
        throw (New-OperationFailure -Code 'conflict' -Message "`"$Path`" already exists and is not empty." -Remedy 'Choose another name.')
    }
}

function Assert-CreatedVm {
    <#
    .SYNOPSIS
    Compares the new VM with the request; throws agent-error if they differ.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Facts,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Request
    )
    $wrong = @(
        if ($Facts['name'] -cne $Request['name']) { 'name' }
        if ($Facts['processors'] -ne $Request['processors']) { 'processors' }
        if ($Facts['memory']['startup'] -ne $Request['memory']['startup']) { 'memory' }
        if (@($Facts['disks']).Count -ne @($Request['disks']).Count) { 'disks' }
        if (@($Facts['networkAdapters']).Count -ne @($Request['networkAdapters']).Count) { 'adapters' }
        if (($null -ne $Facts['clusterRole']) -ne $Request['clustered']) { 'clustered role' }
        if ($Request['start'] -and $Facts['state'] -cne 'Running') { 'state' }
    )
    if ($wrong.Length -eq 0) { return }
    throw (New-OperationFailure -Code 'agent-error' -Message "`"$($Facts['name'])`" was created, but does not match the request: $($wrong -join ', ').")
}
