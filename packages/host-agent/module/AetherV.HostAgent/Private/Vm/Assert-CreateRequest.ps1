function Assert-CreateRequest {
    <#
    .SYNOPSIS
    Refuses what can be known to fail before anything is created. Returns what the steps need: path, images, networks,
    media.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Request
    )
    $configuration = Read-HostConfiguration
    $storage = Invoke-Check -Context $Context -Act { Select-ByName -List $configuration['storage_classes'] -Key 'name' -What 'storage class' -Name $Request['storageClass'] }
    Assert-MemorySetting -Context $Context -Memory $Request['memory']
    $plan = @{
        Path = $null; Images = @(Read-HostImage -Configuration $configuration)
        Networks = @(Read-HostNetwork -Configuration $configuration); Media = @(Read-HostMedium -Configuration $configuration)
    }
    $needed = [long]0
    foreach ($disk in $Request['disks']) { $needed += [long](Invoke-Check -Context $Context -Act { Get-DiskNeed -Disk $disk -Image $plan.Images }) }
    foreach ($adapter in $Request['networkAdapters']) {
        if ($null -ne $adapter['network']) { [void] (Invoke-Check -Context $Context -Act { Select-HostNetwork -Network $plan.Networks -Name $adapter['network'] }) }
    }
    $dvd = $Request['dvd']
    if ($null -ne $dvd -and $null -ne $dvd['iso']) { [void] (Invoke-Check -Context $Context -Act { Select-ByName -List $plan.Media -Key 'id' -What 'ISO' -Name $dvd['iso'] }) }
    Assert-ProcessorCount -Context $Context -Count $Request['processors']
    $addresses = @(foreach ($adapter in $Request['networkAdapters']) { if ($null -ne $adapter['macAddress']) { $adapter['macAddress'] } })
    Assert-FreeAddress -Context $Context -MacAddress $addresses
    Assert-VmNameFree -Context $Context -Name $Request['name']
    if ($null -ne $storage) {
        $plan.Path = $storage['path'].TrimEnd('\')
        Assert-CreateStorage -Context $Context -Request $Request -Path $plan.Path -Needed $needed
    }
    Stop-Check -Context $Context -IfRefused
    return $plan
}

function Assert-CreateStorage {
    <#
    .SYNOPSIS
    Refuses a folder that is in use, storage that the VM must not have, and disks that do not fit.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Request,
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [long] $Needed
    )
    Assert-FolderFree -Context $Context -Path "$Path\$($Request['name'])"
    $volume = Get-VolumeFacts -Path $Path -Volume @(Get-HostInstance -ClassName 'Win32_Volume')
    if ($Request['clustered']) {
        if ($null -eq (Get-ClusterInstance -ClassName 'MSCluster_Cluster')) { Deny-Operation -Context $Context -Code 'wrong-state' -Message 'This host is not a cluster node.' }
        if ($volume.Kind -ne 'csv') { Deny-Operation -Context $Context -Code 'wrong-state' -Message "The storage class `"$($Request['storageClass'])`" is not on a shared volume." }
    }
    if ($null -ne $volume.Free -and $Needed -gt $volume.Free) {
        Deny-Operation -Context $Context -Code 'out-of-space' -Message "The storage class `"$($Request['storageClass'])`" has $($volume.Free) bytes free, but the disks need $Needed." -Remedy 'Free up space there, or choose another storage class.'
    }
}

function Assert-ProcessorCount {
    <#
    .SYNOPSIS
    Refuses more processors than the host has.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [long] $Count
    )
    $there = [long](Get-HostInstance -ClassName 'Win32_ComputerSystem').NumberOfLogicalProcessors
    if ($Count -gt $there) { Deny-Operation -Context $Context -Code 'not-supported' -Message "This host has $there logical processors, but $Count were requested." }
}

function Assert-MemorySetting {
    <#
    .SYNOPSIS
    Refuses limits of dynamic memory that contradict each other (packages/types, memoryProblem).
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Memory
    )
    if (-not $Memory['dynamic']) { return }
    if ($Memory['minimum'] -gt $Memory['startup']) { Deny-Operation -Context $Context -Code 'bad-request' -Message 'The minimum is greater than the startup memory.' }
    elseif ($Memory['startup'] -gt $Memory['maximum']) { Deny-Operation -Context $Context -Code 'bad-request' -Message 'The startup memory is greater than the maximum.' }
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
    Refuses a name that another VM of this host has.
    #>
    [CmdletBinding()]
    param(
        [AllowNull()] [hashtable] $Context = $null,
        [Parameter(Mandatory)] [string] $Name,
        [string] $Except = ''
    )
    foreach ($setting in Get-VirtualizationInstance -ClassName 'Msvm_VirtualSystemSettingData') {
        if ($setting.VirtualSystemIdentifier -eq $Except) { continue }
        if ($setting.VirtualSystemType -eq 'Microsoft:Hyper-V:System:Realized' -and [string]::Equals([string]$setting.ElementName, $Name, [System.StringComparison]::OrdinalIgnoreCase)) {
            Deny-Operation -Context $Context -Code 'conflict' -Message "This host already has a VM named `"$Name`"." -Remedy 'Choose another name.'
            return
        }
    }
}

function Assert-FolderFree {
    <#
    .SYNOPSIS
    Refuses a folder that exists and is not empty.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [string] $Path
    )
    if ((Test-HostFolder -Path $Path) -and -not (Test-HostFolderEmpty -Path $Path)) {
        Deny-Operation -Context $Context -Code 'conflict' -Message "`"$Path`" already exists and is not empty." -Remedy 'Choose another name.'
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
