# Operations on the network adapters of a VM.

Register-Operation -Op 'adapter.add' -Saga 'Add-SagaVmAdapter'
Register-Operation -Op 'adapter.remove' -Saga 'Remove-SagaVmAdapter'
Register-Operation -Op 'adapter.connect' -Saga 'Connect-SagaVmAdapter'
Register-Operation -Op 'adapter.setMac' -Saga 'Set-SagaVmAddress'

# Hyper-V's limit of synthetic adapters.
$script:MostAdapters = 8

function Select-VmAdapter {
    <#
    .SYNOPSIS
    Returns a network adapter by its id; throws not-found.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [string] $AdapterId
    )
    foreach ($adapter in $Vm['networkAdapters']) { if ($adapter['id'] -ceq $AdapterId) { return $adapter } }
    throw (New-OperationFailure -Code 'not-found' -Message "`"$($Vm['name'])`" has no network adapter $AdapterId.")
}

function Get-OneAdapter {
    <#
    .SYNOPSIS
    Returns a network adapter object for the cmdlets; throws not-found.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [string] $AdapterId
    )
    foreach ($adapter in Get-HyperVAdapter -Machine (Get-HyperVMachine -VmId $VmId)) { if ((Get-AdapterId -Adapter $adapter) -ceq $AdapterId) { return $adapter } }
    throw (New-OperationFailure -Code 'not-found' -Message "The VM no longer has the network adapter $AdapterId.")
}

function Find-VmAdapter {
    <#
    .SYNOPSIS
    Returns the current facts of a network adapter; null if it does not exist.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [string] $AdapterId
    )
    foreach ($adapter in (Read-OneVm -VmId $VmId)['networkAdapters']) { if ($adapter['id'] -ceq $AdapterId) { return $adapter } }
    return $null
}

function New-AdapterResult {
    <#
    .SYNOPSIS
    Creates the result of a network adapter operation: the current facts of the adapter.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [string] $AdapterId
    )
    return [ordered]@{ vmId = $VmId; adapter = Select-VmAdapter -Vm (Read-OneVm -VmId $VmId) -AdapterId $AdapterId }
}

function Assert-AdapterOff {
    <#
    .SYNOPSIS
    Refuses a change of a MAC address unless the VM is off (Set-VMNetworkAdapter).
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm
    )
    Assert-VmIdle -Context $Context -Vm $Vm
    if ($Vm['state'] -ceq 'Off') { return }
    Deny-Operation -Context $Context -Code 'wrong-state' -Message "`"$($Vm['name'])`" is $($Vm['state']): it must be off to change a MAC address." -Remedy 'Shut the VM down first.'
}

function Add-SagaVmAdapter {
    <#
    .SYNOPSIS
    Takes the steps of adapter.add.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $adapter = $request['adapter']
    $vm = Read-OneVm -VmId $request['vmId']
    $plan = @{ Networks = @(Read-HostNetwork -Configuration (Read-HostConfiguration)) }
    if ($null -ne $adapter['network']) { [void] (Invoke-Check -Context $Saga.Context -Act { Select-HostNetwork -Network $plan.Networks -Name $adapter['network'] }) }
    if ($null -eq $adapter['macAddress']) { Assert-VmChangeable -Context $Saga.Context -Vm $vm -What 'adding an adapter' }
    else {
        Assert-AdapterOff -Context $Saga.Context -Vm $vm
        Assert-FreeAddress -Context $Saga.Context -MacAddress $adapter['macAddress']
    }
    if (@($vm['networkAdapters']).Count -ge $script:MostAdapters) {
        Deny-Operation -Context $Saga.Context -Code 'conflict' -Message "`"$($vm['name'])`" has $(@($vm['networkAdapters']).Count) network adapters; a VM cannot have more."
    }
    Stop-Check -Context $Saga.Context -IfRefused
    $Saga.Planned = 4
    Add-SagaAdapter -Saga $Saga -Machine (Get-HyperVMachine -VmId $request['vmId']) -Adapter $adapter -Plan $plan
    $Saga.Result = New-AdapterResult -VmId $request['vmId'] -AdapterId $Saga.AdapterId
}

function Remove-SagaVmAdapter {
    <#
    .SYNOPSIS
    Takes the steps of adapter.remove. Records the removal first, so that a resumed operation accepts a missing adapter.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $facts = $Saga.Record['facts']
    $vm = Read-OneVm -VmId $request['vmId']
    $there = @(foreach ($one in $vm['networkAdapters']) { $one['id'] }) -ccontains $request['adapterId']
    if ($there -or $facts['removing'] -cne $request['adapterId']) {
        $adapter = Select-VmAdapter -Vm $vm -AdapterId $request['adapterId']
        Assert-VmChangeable -Context $Saga.Context -Vm $vm -What 'removing an adapter'
        $facts['removing'] = $request['adapterId']
        Invoke-SagaStep -Saga $Saga -Message "Remove the network adapter `"$($adapter['name'])`"." -Act {
            Remove-HyperVAdapter -Adapter (Get-OneAdapter -VmId $request['vmId'] -AdapterId $request['adapterId'])
        } -Done { $null -eq (Find-VmAdapter -VmId $request['vmId'] -AdapterId $request['adapterId']) }
    }
    $Saga.Result = [ordered]@{ vmId = $request['vmId'] }
}

function Connect-SagaVmAdapter {
    <#
    .SYNOPSIS
    Takes the steps of adapter.connect: connects to the switch and VLAN of a network; null disconnects.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $vmId = $request['vmId']
    $before = Select-VmAdapter -Vm (Read-OneVm -VmId $vmId) -AdapterId $request['adapterId']
    $network = $null
    if ($null -ne $request['network']) {
        $network = Select-HostNetwork -Network @(Read-HostNetwork -Configuration (Read-HostConfiguration)) -Name $request['network']
    }
    $Saga.Planned = 2
    $switch = if ($null -eq $network) { $null } else { $network['switchName'] }
    $undo = [ordered]@{ kind = 'plug'; path = $before['name']; vmId = $vmId; adapterId = $request['adapterId']; switchName = $before['switchName']; vlan = $before['vlan'] }
    Connect-SagaAdapter -Saga $Saga -VmId $vmId -AdapterId $request['adapterId'] -SwitchName $switch -Undo $undo
    if ($null -ne $network) {
        $vlan = if ($null -ne $request['vlanId']) { $request['vlanId'] } else { $network['vlanId'] }
        Set-SagaAdapterVlan -Saga $Saga -VmId $vmId -AdapterId $request['adapterId'] -VlanId $vlan
    }
    $Saga.Result = New-AdapterResult -VmId $vmId -AdapterId $request['adapterId']
}

function Set-SagaVmAddress {
    <#
    .SYNOPSIS
    Takes the steps of adapter.setMac.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $address = $request['macAddress']
    $facts = $Saga.Record['facts']
    $vm = Read-OneVm -VmId $request['vmId']
    $adapter = Select-VmAdapter -Vm $vm -AdapterId $request['adapterId']
    # An earlier session of this operation has already set a dynamic address; a second one is not assigned.
    if (-not ($null -eq $address -and $facts['setting'] -and $adapter['dynamicMacAddress'])) {
        Assert-AdapterOff -Context $Saga.Context -Vm $vm
        if ($null -ne $address) { Assert-FreeAddress -Context $Saga.Context -MacAddress $address -Except $request['adapterId'] }
        $facts['setting'] = $true
        Set-SagaAdapterAddress -Saga $Saga -VmId $request['vmId'] -AdapterId $request['adapterId'] -MacAddress $address
    }
    $Saga.Result = New-AdapterResult -VmId $request['vmId'] -AdapterId $request['adapterId']
}
