function New-SagaVm {
    <#
    .SYNOPSIS
    The steps of vm.create.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $plan = Assert-CreateRequest -Request $request
    $Saga.Planned = 9 + @($request['disks']).Count * 3 + @($request['networkAdapters']).Count * 2
    $name = $request['name']
    $base = "$($plan.Path)\$name"
    Add-SagaFolder -Saga $Saga -Path "$base\Virtual Machines"
    Step-Saga -Saga $Saga -Message "Make the VM `"$name`" in $($plan.Path)." -Undo ([ordered]@{ kind = 'vm'; path = $base; name = $name; vmId = $null; at = ConvertTo-Timestamp -Time (Get-HostTime) })
    $vmId = New-HyperVMachine -Name $name -Path $plan.Path -MemoryStartupBytes $request['memory']['startup']
    $Saga.Record['entry']['vmId'] = $vmId
    foreach ($one in @($Saga.Record['facts']['undo'])) { if ($one['kind'] -ceq 'vm') { $one['vmId'] = $vmId } }
    Save-JournalRecord -Record $Saga.Record
    $machine = Get-HyperVMachine -VmId $vmId
    foreach ($adapter in @(Get-HyperVAdapter -Machine $machine)) {
        if ($null -eq $adapter) { continue }
        Step-Saga -Saga $Saga -Message 'Remove the adapter that Hyper-V adds.'
        Remove-HyperVAdapter -Adapter $adapter
    }
    Step-Saga -Saga $Saga -Message 'Set processors, memory and actions.'
    Assert-ProcessorCount -Count $request['processors']
    Set-HyperVProcessor -Machine $machine -Count $request['processors']
    Set-HyperVMemory -Machine $machine -Memory $request['memory']
    Set-HyperVSetting -Machine $machine -Request $request
    Set-HyperVSecureBoot -Machine $machine -Setting $request['secureBoot']
    $diskIds = New-Object -TypeName 'System.Collections.ArrayList'
    if (@($request['disks']).Count -gt 0) { Add-SagaFolder -Saga $Saga -Path "$base\Virtual Hard Disks" }
    foreach ($disk in $request['disks']) {
        Add-SagaDisk -Saga $Saga -Machine $machine -Disk $disk -Folder "$base\Virtual Hard Disks" -Plan $plan
        [void] $diskIds.Add($Saga.DiskId)
    }
    $adapterIds = New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($adapter in $request['networkAdapters']) {
        Add-SagaAdapter -Saga $Saga -Machine $machine -Adapter $adapter -Plan $plan
        [void] $adapterIds.Add($Saga.AdapterId)
    }
    if ($null -ne $request['dvd']) { Add-SagaDvdDrive -Saga $Saga -Machine $machine -Medium $request['dvd']['iso'] -Plan $plan }
    Step-Saga -Saga $Saga -Message 'Set the boot order.'
    Set-HyperVBootOrder -Machine $machine -Kind $request['bootOrder']
    if ($request['clustered']) {
        Step-Saga -Saga $Saga -Message 'Make it a clustered role.' -Undo ([ordered]@{ kind = 'role'; path = $name; vmId = $vmId; wanted = $false })
        Add-ClusterRole -VmId $vmId
    }
    if ($request['start']) { Start-SagaVm -Saga $Saga -VmId $vmId }
    $facts = Read-OneVm -VmId $vmId
    Assert-CreatedVm -Facts $facts -Request $request
    $Saga.Result = [ordered]@{ vm = $facts; diskIds = $diskIds.ToArray(); adapterIds = $adapterIds.ToArray() }
}

function Add-SagaFolder {
    <#
    .SYNOPSIS
    Makes a folder, with those above it; those that were missing are undone where they are still empty.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $Path
    )
    $missing = New-Object -TypeName 'System.Collections.ArrayList'
    for ($folder = $Path; $folder.LastIndexOf('\') -gt 0 -and -not (Test-HostFolder -Path $folder); $folder = $folder.Substring(0, $folder.LastIndexOf('\'))) {
        $missing.Insert(0, $folder)
    }
    Step-Saga -Saga $Saga -Message "Make the folder $Path." -Undo ([ordered]@{ kind = 'folder'; path = $Path; made = $missing.ToArray() })
    New-HostFolder -Path $Path
}

function Add-SagaDisk {
    <#
    .SYNOPSIS
    Makes a disk under a free name, or copies an image there, and attaches it. Leaves the drive's id in $Saga.DiskId.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [object] $Machine,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Disk,
        [Parameter(Mandatory)] [string] $Folder,
        [Parameter(Mandatory)] [hashtable] $Plan
    )
    $number = 0
    while ($null -ne (Get-HostFile -Path "$Folder\$($Machine.Name)-disk$number.vhdx")) { $number++ }
    $path = "$Folder\$($Machine.Name)-disk$number.vhdx"
    $undo = [ordered]@{ kind = 'file'; path = $path }
    if ($Disk.Contains('image')) {
        $image = Select-ByName -List $Plan.Images -Key 'id' -What 'image' -Name $Disk['image']
        $message = "Copy the image $($Disk['image']) to $path."
        Step-Saga -Saga $Saga -Message $message -Undo $undo
        Wait-SagaAnswer -Saga $Saga -Message $message -Answer (Copy-VirtualDisk -Source $image['path'] -Path $path)
        $size = $Disk['sizeBytes']
        if ($null -ne $size -and $size -gt $(if ($null -eq $image['virtualSize']) { 0 } else { $image['virtualSize'] })) {
            $message = "Grow $path to $size bytes."
            Step-Saga -Saga $Saga -Message $message
            Wait-SagaAnswer -Saga $Saga -Message $message -Answer (Resize-VirtualDisk -Path $path -Size $size)
        }
    }
    else {
        $message = "Make the disk $path."
        Step-Saga -Saga $Saga -Message $message -Undo $undo
        Wait-SagaAnswer -Saga $Saga -Message $message -Answer (New-VirtualDisk -Path $path -Type $Disk['type'] -Size $Disk['sizeBytes'])
    }
    Step-Saga -Saga $Saga -Message "Attach $path."
    $Saga.DiskId = Add-HyperVDisk -Machine $Machine -Path $path
}

function Wait-SagaAnswer {
    <#
    .SYNOPSIS
    What a method answered: refused, done, or a job to be followed to its end.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $Message,
        [Parameter(Mandatory)] [AllowNull()] [object] $Answer
    )
    if ($null -eq $Answer) { throw (New-OperationFailure -Code 'agent-error' -Message "$Message Hyper-V's image service is not there.") }
    if ($Answer.ReturnValue -ne 0 -and ($Answer.ReturnValue -ne 4096 -or $null -eq $Answer.Job)) {
        throw (New-OperationFailure -Code 'agent-error' -Message "$Message Hyper-V refused (code $($Answer.ReturnValue)).")
    }
    Wait-SagaJob -Saga $Saga -Message $Message -JobId $Answer.Job -MustBeSeen
}

function Add-SagaAdapter {
    <#
    .SYNOPSIS
    Adds an adapter as it is wanted. Leaves its id in $Saga.AdapterId.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [object] $Machine,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Adapter,
        [Parameter(Mandatory)] [hashtable] $Plan
    )
    $address = $Adapter['macAddress']
    if ($null -ne $address) { Assert-FreeAddress -MacAddress $address }
    Step-Saga -Saga $Saga -Message 'Add a network adapter.'
    $added = Add-HyperVAdapter -Machine $Machine
    $id = "$($added.Id)"
    $Saga.AdapterId = $id.Substring($id.LastIndexOf('\') + 1).ToLowerInvariant()
    if ($null -ne $address) {
        Step-Saga -Saga $Saga -Message "Give it the address $address."
        Set-HyperVAdapterAddress -Adapter $added -MacAddress $address
    }
    if ($null -eq $Adapter['network']) { return }
    $network = Select-ByName -List $Plan.Networks -Key 'name' -What 'network' -Name $Adapter['network']
    Step-Saga -Saga $Saga -Message "Plug it into $($network['switchName'])."
    Connect-HyperVAdapter -Adapter $added -SwitchName $network['switchName']
    $vlan = $network['vlanId']
    Step-Saga -Saga $Saga -Message $(if ($null -eq $vlan) { 'Take it out of its VLAN.' } else { "Put it into VLAN $vlan." })
    Set-HyperVAdapterVlan -Adapter $added -VlanId $vlan
}

function Assert-FreeAddress {
    <#
    .SYNOPSIS
    Refuses an address that another adapter of this host has.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $MacAddress)
    foreach ($one in Get-VirtualizationInstance -ClassName 'CIM_ResourceAllocationSettingData') {
        if ($script:EthernetPorts.ContainsKey([string]$one.ResourceSubType) -and $one.Address -eq $MacAddress) {
            throw (New-OperationFailure -Code 'conflict' -Message "Another adapter of this host already has the MAC address $MacAddress.")
        }
    }
}

function Add-SagaDvdDrive {
    <#
    .SYNOPSIS
    Adds a DVD drive, with a medium where one is wanted.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [object] $Machine,
        [Parameter(Mandatory)] [AllowNull()] [object] $Medium,
        [Parameter(Mandatory)] [hashtable] $Plan
    )
    Step-Saga -Saga $Saga -Message 'Add a DVD drive.'
    $drive = Add-HyperVDvdDrive -Machine $Machine
    if ($null -eq $Medium) { return }
    $iso = Select-ByName -List $Plan.Media -Key 'id' -What 'ISO' -Name $Medium
    Step-Saga -Saga $Saga -Message "Insert $Medium."
    Set-HyperVMedium -Drive $drive -Path $iso['path']
}

function Start-SagaVm {
    <#
    .SYNOPSIS
    Turns the VM on, and waits until it runs.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $VmId
    )
    Step-Saga -Saga $Saga -Message 'Start it.'
    $answer = Invoke-VmStateChange -VmId $VmId -RequestedState $script:RequestedStates['vm.start']
    Assert-MethodAccepted -Answer $answer -Action (Get-PowerAction -Name 'start') -Name $Saga.Context.Request['name']
    Wait-SagaJob -Saga $Saga -Message 'Start it.' -JobId $answer.Job
}

function Read-OneVm {
    <#
    .SYNOPSIS
    The facts of one VM; throws not-found.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param([Parameter(Mandatory)] [string] $VmId)
    $memory = New-InventoryMemory
    $read = Read-HostFacts
    $memory.Switches = $read.Switches
    $memory.Clustered = $null -ne $read.Cluster
    $id = $VmId.ToUpperInvariant()
    $facts = Read-VmFacts -Memory $memory -VmId $id
    if (-not $facts.Contains($id)) { throw (New-OperationFailure -Code 'not-found' -Message "This host has no VM $VmId.") }
    return $facts[$id]
}
