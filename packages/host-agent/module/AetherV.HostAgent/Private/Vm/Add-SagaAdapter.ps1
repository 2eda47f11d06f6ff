function Add-SagaAdapter {
    <#
    .SYNOPSIS
    Adds a network adapter with the requested address and network. Sets $Saga.AdapterId.
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
    $before = @(foreach ($one in Get-HyperVAdapter -Machine $Machine) { Get-AdapterId -Adapter $one })
    $vmId = "$($Machine.Id)".ToLowerInvariant()
    $undo = [ordered]@{ kind = 'adapter'; path = 'the new adapter'; vmId = $vmId; before = $before; id = $null }
    Invoke-SagaStep -Saga $Saga -Message 'Add a network adapter.' -Undo $undo -Act { Add-HyperVAdapter -Machine $Machine } -Done {
        $null -ne (Find-NewAdapter -Machine $Machine -Before $before)
    }
    $Saga.AdapterId = Find-NewAdapter -Machine $Machine -Before $before
    $undo['id'] = $Saga.AdapterId
    if ($null -ne $address) {
        Set-SagaAdapterAddress -Saga $Saga -VmId $vmId -AdapterId $Saga.AdapterId -MacAddress $address
    }
    if ($null -eq $Adapter['network']) { return }
    $network = Select-ByName -List $Plan.Networks -Key 'name' -What 'network' -Name $Adapter['network']
    Connect-SagaAdapter -Saga $Saga -VmId $vmId -AdapterId $Saga.AdapterId -SwitchName $network['switchName']
    Set-SagaAdapterVlan -Saga $Saga -VmId $vmId -AdapterId $Saga.AdapterId -VlanId $network['vlanId']
}

function Find-NewAdapter {
    <#
    .SYNOPSIS
    Returns the id of a network adapter that is not in Before; null if there is none.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [object] $Machine,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Before
    )
    foreach ($one in @(Get-HyperVAdapter -Machine $Machine)) { if ($null -ne $one -and $Before -cnotcontains (Get-AdapterId -Adapter $one)) { return Get-AdapterId -Adapter $one } }
    return $null
}

function Set-SagaAdapterAddress {
    <#
    .SYNOPSIS
    Takes the step that sets a static MAC address; null sets a dynamic one.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [string] $AdapterId,
        [Parameter(Mandatory)] [AllowNull()] [object] $MacAddress
    )
    $message = if ($null -eq $MacAddress) { 'Assign a dynamic MAC address.' } else { "Assign the MAC address $MacAddress." }
    Invoke-SagaStep -Saga $Saga -Message $message -Act {
        Set-HyperVAdapterAddress -Adapter (Get-OneAdapter -VmId $VmId -AdapterId $AdapterId) -MacAddress $MacAddress
    } -Done {
        $now = Find-VmAdapter -VmId $VmId -AdapterId $AdapterId
        if ($null -eq $MacAddress) { $now['dynamicMacAddress'] } else { -not $now['dynamicMacAddress'] -and $now['macAddress'] -ceq $MacAddress }
    }
}

function Connect-SagaAdapter {
    <#
    .SYNOPSIS
    Takes the step that connects a network adapter to a switch; null disconnects it.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [string] $AdapterId,
        [Parameter(Mandatory)] [AllowNull()] [object] $SwitchName,
        [AllowNull()] [System.Collections.IDictionary] $Undo = $null
    )
    $message = if ($null -eq $SwitchName) { 'Disconnect the network adapter.' } else { "Connect the network adapter to $SwitchName." }
    Invoke-SagaStep -Saga $Saga -Message $message -Undo $Undo -Act {
        Connect-HyperVAdapter -Adapter (Get-OneAdapter -VmId $VmId -AdapterId $AdapterId) -SwitchName $SwitchName
    } -Done { (Find-VmAdapter -VmId $VmId -AdapterId $AdapterId)['switchName'] -ceq $SwitchName }
}

function Set-SagaAdapterVlan {
    <#
    .SYNOPSIS
    Takes the step that sets the VLAN of a network adapter; null removes it.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [string] $AdapterId,
        [Parameter(Mandatory)] [AllowNull()] [object] $VlanId
    )
    $message = if ($null -eq $VlanId) { 'Remove the VLAN of the network adapter.' } else { "Set the VLAN of the network adapter to $VlanId." }
    Invoke-SagaStep -Saga $Saga -Message $message -Act {
        Set-HyperVAdapterVlan -Adapter (Get-OneAdapter -VmId $VmId -AdapterId $AdapterId) -VlanId $VlanId
    } -Done {
        $vlan = (Find-VmAdapter -VmId $VmId -AdapterId $AdapterId)['vlan']
        if ($null -eq $VlanId) { $vlan['mode'] -ceq 'Untagged' } else { $vlan['mode'] -ceq 'Access' -and $vlan['accessVlanId'] -eq $VlanId }
    }
}

function Assert-FreeAddress {
    <#
    .SYNOPSIS
    Refuses each MAC address that another adapter of this host has, or that occurs twice.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [string[]] $MacAddress,
        [string] $Except = ''
    )
    if ($MacAddress.Length -eq 0) { return }
    $taken = @{}
    foreach ($one in Get-VirtualizationInstance -ClassName 'CIM_ResourceAllocationSettingData') {
        if (-not $script:EthernetPorts.ContainsKey([string]$one.ResourceSubType)) { continue }
        if ($Except -ne '' -and "$($one.InstanceID)".EndsWith($Except, [System.StringComparison]::OrdinalIgnoreCase)) { continue }
        $taken["$($one.Address)".ToUpperInvariant()] = $true
    }
    foreach ($address in $MacAddress) {
        if ($taken.ContainsKey($address)) { Deny-Operation -Context $Context -Code 'conflict' -Message "Another adapter of this host already has the MAC address $address." }
        $taken[$address] = $true
    }
}
