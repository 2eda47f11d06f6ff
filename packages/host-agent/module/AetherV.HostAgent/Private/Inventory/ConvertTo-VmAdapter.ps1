$script:EthernetPorts = @{ 'Microsoft:Hyper-V:Synthetic Ethernet Port' = $false; 'Microsoft:Hyper-V:Emulated Ethernet Port' = $true }
$script:VlanModes = @{ 1 = 'Access'; 2 = 'Trunk'; 3 = 'Private' }

function ConvertTo-VmAdapter {
    <#
    .SYNOPSIS
    The network adapters of a VM: the port, its connection, the VLAN setting of the connection, and what the guest reports.
    #>
    [CmdletBinding()]
    [OutputType([object[]])]
    param(
        [Parameter(Mandatory)] [string] $Id,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Resource,
        [Parameter(Mandatory)] [hashtable] $Source,
        [Parameter(Mandatory)] [hashtable] $Live
    )
    $connections = @{}
    foreach ($one in $Resource) {
        if ($one.ResourceSubType -eq 'Microsoft:Hyper-V:Ethernet Connection') { $connections[(Get-ParentId -Parent $one.Parent)] = $one }
    }
    $adapters = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($port in $Resource) {
        if (-not $script:EthernetPorts.ContainsKey([string]$port.ResourceSubType)) { continue }
        $portId = [string]$port.InstanceID
        $switch = Get-AdapterSwitch -Connection $connections[$portId] -Switch $Live.Switches
        [void] $adapters.Add([ordered]@{
                id                = $portId.Substring($portId.LastIndexOf('\') + 1).ToLowerInvariant()
                name              = [string]$port.ElementName
                legacy            = $script:EthernetPorts[[string]$port.ResourceSubType]
                switchName        = $switch
                connected         = $null -ne $switch
                vlan              = ConvertTo-VmVlan -Vlan (Select-ByPort -Instance @(Get-List -Table $Source.Vlans -Key $Id) -PortId $portId)
                macAddress        = [System.Text.RegularExpressions.Regex]::Replace("$($port.Address)", '[^0-9A-Fa-f]', '').ToUpperInvariant()
                dynamicMacAddress = -not [bool]$port.StaticMacAddress
                addresses         = Get-GuestAddress -Id $Id -PortId $portId -Source $Source
            })
    }
    return , $adapters.ToArray()
}

function Get-AdapterSwitch {
    <#
    .SYNOPSIS
    The name of the switch that an adapter is connected to; null for none. Msvm_EthernetPortAllocationSettingData: EnabledState 2 is
    connected, HostResource[0] the path of the switch.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [AllowNull()] [object] $Connection,
        [Parameter(Mandatory)] [hashtable] $Switch
    )
    if ($null -eq $Connection -or $Connection.EnabledState -ne 2) { return $null }
    $found = [System.Text.RegularExpressions.Regex]::Match("$(@($Connection.HostResource)[0])", ',Name="([^"]+)"')
    if (-not $found.Success) { return $null }
    $id = $found.Groups[1].Value.ToUpperInvariant()
    if ($Switch.ContainsKey($id)) { return $Switch[$id] }
    return [string]$Connection.LastKnownSwitchName
}

function Select-ByPort {
    <#
    .SYNOPSIS
    The first instance whose InstanceID lies under that of a port.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Instance,
        [Parameter(Mandatory)] [string] $PortId
    )
    foreach ($one in $Instance) {
        if ("$($one.InstanceID)".StartsWith("$PortId\", [System.StringComparison]::OrdinalIgnoreCase)) { return $one }
    }
}

function ConvertTo-VmVlan {
    <#
    .SYNOPSIS
    The VLAN setting of a connection; a connection without one is untagged.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param([Parameter(Mandatory)] [AllowNull()] [object] $Vlan)
    $fact = [ordered]@{ mode = 'Untagged'; accessVlanId = $null; nativeVlanId = $null; allowedVlanIds = $null }
    if ($null -eq $Vlan -or -not $script:VlanModes.ContainsKey([int]$Vlan.OperationMode)) { return $fact }
    $mode = $script:VlanModes[[int]$Vlan.OperationMode]
    # Access to VLAN 0 is how Hyper-V says untagged.
    if ($mode -eq 'Access' -and [int]$Vlan.AccessVlanId -eq 0) { return $fact }
    $fact['mode'] = $mode
    if ($mode -eq 'Access') { $fact['accessVlanId'] = [long]$Vlan.AccessVlanId }
    if ($mode -eq 'Trunk') {
        $fact['nativeVlanId'] = [long]$Vlan.NativeVlanId
        $fact['allowedVlanIds'] = ConvertTo-RangeText -Number @($Vlan.TrunkVlanIdArray)
    }
    return $fact
}

function ConvertTo-RangeText {
    <#
    .SYNOPSIS
    Numbers as "1-3,20", the form that Set-VMNetworkAdapterVlan -AllowedVlanIdList takes.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Number)
    $parts = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    $first = $null
    $last = $null
    foreach ($one in @($Number | Microsoft.PowerShell.Utility\Sort-Object)) {
        if ($null -ne $last -and $one -eq $last + 1) { $last = $one; continue }
        if ($null -ne $first) { [void] $parts.Add($(if ($first -eq $last) { "$first" } else { "$first-$last" })) }
        $first = $one
        $last = $one
    }
    if ($null -ne $first) { [void] $parts.Add($(if ($first -eq $last) { "$first" } else { "$first-$last" })) }
    return $parts -join ','
}

function Get-GuestAddress {
    <#
    .SYNOPSIS
    The addresses that a guest reports of an adapter: Msvm_GuestNetworkAdapterConfiguration, "Microsoft:GuestNetwork\VM\ADAPTER".
    #>
    [CmdletBinding()]
    [OutputType([string[]])]
    param(
        [Parameter(Mandatory)] [string] $Id,
        [Parameter(Mandatory)] [string] $PortId,
        [Parameter(Mandatory)] [hashtable] $Source
    )
    $suffix = $PortId.Substring('Microsoft:'.Length)
    foreach ($one in Get-List -Table $Source.GuestNetworks -Key $Id) {
        if ("$($one.InstanceID)".EndsWith($suffix, [System.StringComparison]::OrdinalIgnoreCase)) {
            return , [string[]]@($one.IPAddresses | Microsoft.PowerShell.Core\Where-Object -FilterScript { -not [string]::IsNullOrEmpty($_) })
        }
    }
    return , [string[]]@()
}
