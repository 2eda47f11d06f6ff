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
    $before = @(foreach ($one in Get-HyperVAdapter -Machine $Machine) { Get-AdapterId -Adapter $one })
    $undo = [ordered]@{ kind = 'adapter'; path = 'the new adapter'; vmId = "$($Machine.Id)".ToLowerInvariant(); before = $before; id = $null }
    Step-Saga -Saga $Saga -Message 'Add a network adapter.' -Undo $undo
    $added = Add-HyperVAdapter -Machine $Machine
    $Saga.AdapterId = Get-AdapterId -Adapter $added
    $undo['id'] = $Saga.AdapterId
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
    Refuses addresses that another adapter of this host has, or two of them that are equal.
    #>
    [CmdletBinding()]
    param(
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
        if ($taken.ContainsKey($address)) { throw (New-OperationFailure -Code 'conflict' -Message "Another adapter of this host already has the MAC address $address.") }
        $taken[$address] = $true
    }
}
