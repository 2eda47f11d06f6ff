$script:EthernetPorts = @{ 'Microsoft:Hyper-V:Synthetic Ethernet Port' = $false; 'Microsoft:Hyper-V:Emulated Ethernet Port' = $true }

function ConvertTo-VmAdapter {
    <#
    .SYNOPSIS
    Converts the network adapters of a VM: port, connection, VLAN setting of the connection, and addresses from the
    guest.
    #>
    [CmdletBinding()]
    [OutputType([object[]])]
    param(
        [Parameter(Mandatory)] [string] $Id,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Resource,
        [Parameter(Mandatory)] [hashtable] $Source,
        [Parameter(Mandatory)] [hashtable] $Live,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    $connections = @{}
    foreach ($one in $Resource) {
        if ($one.ResourceSubType -eq 'Microsoft:Hyper-V:Ethernet Connection') { $connections[(Get-ParentId -Parent $one.Parent)] = $one }
    }
    $adapters = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($port in $Resource) {
        if (-not $script:EthernetPorts.ContainsKey([string]$port.ResourceSubType)) { continue }
        try { [void] $adapters.Add((ConvertTo-OneAdapter -Id $Id -Port $port -Connection $connections[[string]$port.InstanceID] -Source $Source -Live $Live -Problem $Problem)) }
        catch { Add-FactProblem -Problem $Problem -Part "networkAdapters $(Get-ShownValue -Value $port.ElementName)" -Message "$_" }
    }
    return , (Select-WithinLimit -List $adapters.ToArray() -Maximum 72 -Part 'networkAdapters' -Problem $Problem)
}

function ConvertTo-OneAdapter {
    <#
    .SYNOPSIS
    Converts one network adapter. Throws if its id is invalid, because no operation could name the adapter.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [string] $Id,
        [Parameter(Mandatory)] [object] $Port,
        [Parameter(Mandatory)] [AllowNull()] [object] $Connection,
        [Parameter(Mandatory)] [hashtable] $Source,
        [Parameter(Mandatory)] [hashtable] $Live,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    $portId = [string]$Port.InstanceID
    $adapterId = $portId.Substring($portId.LastIndexOf('\') + 1).ToLowerInvariant()
    if ($adapterId -notmatch '\A[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\z') { throw [System.FormatException]::new("The network adapter has the invalid id $(Get-ShownValue -Value $portId).") }
    $part = "networkAdapters $adapterId"
    $switch = Get-AdapterSwitch -Connection $Connection -Switch $Live.Switches
    if ($null -ne $switch) { $switch = Read-FactText -Value $switch -Part "$part switchName" -Problem $Problem }
    $address = [System.Text.RegularExpressions.Regex]::Replace("$($Port.Address)", '[^0-9A-Fa-f]', '').ToUpperInvariant()
    # A dynamic address is assigned at the first start of the VM; a missing one is not a problem.
    $hasNone = $true -ne $Port.StaticMacAddress -and ($address -eq '' -or $address -eq '000000000000')
    if (-not $hasNone -and $address.Length -ne 12) {
        Add-FactProblem -Problem $Problem -Part "$part macAddress" -Message "$(Get-ShownValue -Value $Port.Address) is not a MAC address."
    }
    if ($hasNone -or $address.Length -ne 12) { $address = $null }
    return [ordered]@{
        id                = $adapterId
        name              = Read-FactText -Value $Port.ElementName -Part "$part name" -Problem $Problem
        legacy            = $script:EthernetPorts[[string]$Port.ResourceSubType]
        switchName        = $switch
        connected         = $null -ne $switch
        vlan              = ConvertTo-VmVlan -Vlan (Select-ByPort -Instance @(Get-List -Table $Source.Vlans -Key $Id) -PortId $portId) -Part "$part vlan" -Problem $Problem
        macAddress        = $address
        dynamicMacAddress = $true -ne $Port.StaticMacAddress
        addresses         = Get-GuestAddress -Id $Id -PortId $portId -Source $Source -Part "$part addresses" -Problem $Problem
    }
}

function Get-AdapterSwitch {
    <#
    .SYNOPSIS
    Returns the name of the switch that an adapter is connected to; null if it is not connected.
    .DESCRIPTION
    Msvm_EthernetPortAllocationSettingData: EnabledState 2 is connected, HostResource[0] is the path of the switch.
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
    Returns the first instance whose InstanceID starts with that of a port.
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
    Converts the VLAN setting of a connection. A connection without one is untagged.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [AllowNull()] [object] $Vlan,
        [Parameter(Mandatory)] [string] $Part,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    $fact = [ordered]@{ mode = 'Untagged'; accessVlanId = $null; nativeVlanId = $null; allowedVlanIds = $null }
    if ($null -eq $Vlan) { return $fact }
    $mode = Read-WindowsName -Table 'vlanMode' -Value $Vlan.OperationMode -Part "$Part mode" -Problem $Problem
    # Hyper-V represents untagged as access to VLAN 0.
    if ($mode -ceq 'Access' -and 0 -eq $Vlan.AccessVlanId) { return $fact }
    $fact['mode'] = $mode
    if ($mode -ceq 'Access') { $fact['accessVlanId'] = Read-WholeNumber -Value $Vlan.AccessVlanId -Minimum 0 -Maximum 4094 -Part "$Part accessVlanId" -Problem $Problem }
    if ($mode -cne 'Trunk') { return $fact }
    $fact['nativeVlanId'] = Read-WholeNumber -Value $Vlan.NativeVlanId -Minimum 0 -Maximum 4094 -Part "$Part nativeVlanId" -Problem $Problem
    $numbers = @(foreach ($one in @($Vlan.TrunkVlanIdArray)) { ConvertTo-WholeNumber -Value $one -Minimum 0 -Maximum 4094 })
    $numbers = @(foreach ($one in $numbers) { if ($null -ne $one) { $one } })
    if ($numbers.Length -ne @($Vlan.TrunkVlanIdArray).Length -or $null -eq $Vlan.TrunkVlanIdArray) {
        Add-FactProblem -Problem $Problem -Part "$Part allowedVlanIds" -Message "$(Get-ShownValue -Value $Vlan.TrunkVlanIdArray) is not a list of VLANs."
        return $fact
    }
    $text = ConvertTo-RangeText -Number $numbers
    if ($text.Length -gt 1024) { Add-FactProblem -Problem $Problem -Part "$Part allowedVlanIds" -Message "The trunk has too many VLAN ranges to be reported ($($numbers.Length) VLANs)." }
    else { $fact['allowedVlanIds'] = $text }
    return $fact
}

function ConvertTo-RangeText {
    <#
    .SYNOPSIS
    Formats numbers as ranges, such as "1-3,20" (Set-VMNetworkAdapterVlan -AllowedVlanIdList).
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
    Returns the addresses that a guest reports for an adapter: Msvm_GuestNetworkAdapterConfiguration,
    "Microsoft:GuestNetwork\VM\ADAPTER".
    #>
    [CmdletBinding()]
    [OutputType([string[]])]
    param(
        [Parameter(Mandatory)] [string] $Id,
        [Parameter(Mandatory)] [string] $PortId,
        [Parameter(Mandatory)] [hashtable] $Source,
        [Parameter(Mandatory)] [string] $Part,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    $suffix = $PortId.Substring('Microsoft:'.Length)
    foreach ($one in Get-List -Table $Source.GuestNetworks -Key $Id) {
        if ("$($one.InstanceID)".EndsWith($suffix, [System.StringComparison]::OrdinalIgnoreCase)) {
            $addresses = @(foreach ($address in @($one.IPAddresses)) {
                    if ([string]::IsNullOrEmpty([string]$address)) { continue }
                    # The longest address, IPv6 with a mapped IPv4 address and a scope, is shorter.
                    if ("$address".Length -le 64) { "$address" }
                    else { Add-FactProblem -Problem $Problem -Part $Part -Message "$(Get-ShownValue -Value $address) is not an address." }
                })
            return , (Select-WithinLimit -List $addresses -Maximum 256 -Part $Part -Problem $Problem)
        }
    }
    return , [string[]]@()
}
