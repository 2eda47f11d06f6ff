# Network adapters of VMs, by the cmdlets of the Hyper-V module.

function Get-AdapterId {
    <#
    .SYNOPSIS
    The contract's id of an adapter that a cmdlet gave: the last part of its Id.
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
    Add-VMNetworkAdapter. Returns the adapter.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [object] $Machine)
    Hyper-V\Add-VMNetworkAdapter -VM $Machine -Name 'Network Adapter' -Passthru -Confirm:$false
}

function Get-HyperVAdapter {
    <#
    .SYNOPSIS
    Get-VMNetworkAdapter.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [object] $Machine)
    Hyper-V\Get-VMNetworkAdapter -VM $Machine
}

function Remove-HyperVAdapter {
    <#
    .SYNOPSIS
    Remove-VMNetworkAdapter.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [object] $Adapter)
    Hyper-V\Remove-VMNetworkAdapter -VMNetworkAdapter $Adapter -Confirm:$false
}

function Set-HyperVAdapterAddress {
    <#
    .SYNOPSIS
    Set-VMNetworkAdapter: a fixed MAC address, or with null one of the host's pool.
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
    Connect-VMNetworkAdapter: into a switch, or with null Disconnect-VMNetworkAdapter.
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
    Set-VMNetworkAdapterVlan: into a VLAN, or with null into none.
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
    Set-VMNetworkAdapterVlan: a trunk, its VLANs as ranges ("5,10-20").
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [object] $Adapter,
        [Parameter(Mandatory)] [int] $NativeVlanId,
        [Parameter(Mandatory)] [string] $AllowedVlanIds
    )
    Hyper-V\Set-VMNetworkAdapterVlan -VMNetworkAdapter $Adapter -Trunk -NativeVlanId $NativeVlanId -AllowedVlanIdList $AllowedVlanIds -Confirm:$false
}
