# Network adapters of VMs, by the cmdlets of the Hyper-V module.

function Add-HyperVAdapter {
    <#
    .SYNOPSIS
    Add-VMNetworkAdapter. Returns the adapter.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [object] $Machine)
    Add-VMNetworkAdapter -VM $Machine -Name 'Network Adapter' -Passthru -Confirm:$false
}

function Get-HyperVAdapter {
    <#
    .SYNOPSIS
    Get-VMNetworkAdapter.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [object] $Machine)
    Get-VMNetworkAdapter -VM $Machine
}

function Remove-HyperVAdapter {
    <#
    .SYNOPSIS
    Remove-VMNetworkAdapter.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [object] $Adapter)
    Remove-VMNetworkAdapter -VMNetworkAdapter $Adapter -Confirm:$false
}

function Set-HyperVAdapterAddress {
    <#
    .SYNOPSIS
    Set-VMNetworkAdapter: a fixed MAC address.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [object] $Adapter,
        [Parameter(Mandatory)] [string] $MacAddress
    )
    Set-VMNetworkAdapter -VMNetworkAdapter $Adapter -StaticMacAddress $MacAddress -Confirm:$false
}

function Connect-HyperVAdapter {
    <#
    .SYNOPSIS
    Connect-VMNetworkAdapter.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [object] $Adapter,
        [Parameter(Mandatory)] [string] $SwitchName
    )
    Connect-VMNetworkAdapter -VMNetworkAdapter $Adapter -SwitchName $SwitchName -Confirm:$false
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
    if ($null -eq $VlanId) { Set-VMNetworkAdapterVlan -VMNetworkAdapter $Adapter -Untagged -Confirm:$false; return }
    Set-VMNetworkAdapterVlan -VMNetworkAdapter $Adapter -Access -VlanId $VlanId -Confirm:$false
}
