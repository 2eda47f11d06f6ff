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
