# Network adapters of VMs, by the cmdlets of the Hyper-V module.

function Get-AdapterId {
    <#
    .SYNOPSIS
    Returns the contract id of an adapter object: the last part of its Id.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [object] $Adapter)
    $id = "$($Adapter.Id)"
    return $id.Substring($id.LastIndexOf('\') + 1).ToLowerInvariant()
}

function Add-HyperVAdapter {
    <#
    .SYNOPSIS
    Calls Add-VMNetworkAdapter. Returns the adapter.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [object] $Machine)
    Hyper-V\Add-VMNetworkAdapter -VM $Machine -Name 'Network Adapter' -Passthru -Confirm:$false
}

function Get-HyperVAdapter {
    <#
    .SYNOPSIS
    Calls Get-VMNetworkAdapter.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [object] $Machine)
    Hyper-V\Get-VMNetworkAdapter -VM $Machine
}

function Remove-HyperVAdapter {
    <#
    .SYNOPSIS
    Calls Remove-VMNetworkAdapter.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [object] $Adapter)
    Hyper-V\Remove-VMNetworkAdapter -VMNetworkAdapter $Adapter -Confirm:$false
}

function Set-HyperVAdapterAddress {
    <#
    .SYNOPSIS
    Calls Set-VMNetworkAdapter with a static MAC address; null sets a dynamic one.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [object] $Adapter,
        [Parameter(Mandatory)] [AllowNull()] [object] $MacAddress
    )
    if ($null -eq $MacAddress) { Hyper-V\Set-VMNetworkAdapter -VMNetworkAdapter $Adapter -DynamicMacAddress -Confirm:$false; return }
    Hyper-V\Set-VMNetworkAdapter -VMNetworkAdapter $Adapter -StaticMacAddress $MacAddress -Confirm:$false
}

function Connect-HyperVAdapter {
    <#
    .SYNOPSIS
    Calls Connect-VMNetworkAdapter for a switch; null calls Disconnect-VMNetworkAdapter.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [object] $Adapter,
        [Parameter(Mandatory)] [AllowNull()] [object] $SwitchName
    )
    if ($null -eq $SwitchName) { Hyper-V\Disconnect-VMNetworkAdapter -VMNetworkAdapter $Adapter -Confirm:$false; return }
    Hyper-V\Connect-VMNetworkAdapter -VMNetworkAdapter $Adapter -SwitchName $SwitchName -Confirm:$false
}

function Set-HyperVAdapterVlan {
    <#
    .SYNOPSIS
    Calls Set-VMNetworkAdapterVlan with an access VLAN; null sets untagged.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [object] $Adapter,
        [Parameter(Mandatory)] [AllowNull()] [object] $VlanId
    )
    if ($null -eq $VlanId) { Hyper-V\Set-VMNetworkAdapterVlan -VMNetworkAdapter $Adapter -Untagged -Confirm:$false; return }
    Hyper-V\Set-VMNetworkAdapterVlan -VMNetworkAdapter $Adapter -Access -VlanId $VlanId -Confirm:$false
}

function Set-HyperVAdapterTrunk {
    <#
    .SYNOPSIS
    Calls Set-VMNetworkAdapterVlan with a trunk. Its VLANs are ranges, such as "5,10-20".
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [object] $Adapter,
        [Parameter(Mandatory)] [int] $NativeVlanId,
        [Parameter(Mandatory)] [string] $AllowedVlanIds
    )
    Hyper-V\Set-VMNetworkAdapterVlan -VMNetworkAdapter $Adapter -Trunk -NativeVlanId $NativeVlanId -AllowedVlanIdList $AllowedVlanIds -Confirm:$false
}
