# Reads all VMs with one query per class: a cmdlet per VM would take tens of milliseconds each. Localized texts are
# never used as keys.

$script:ServiceClasses = [ordered]@{
    Heartbeat             = 'Msvm_HeartbeatComponent'
    Shutdown              = 'Msvm_ShutdownComponent'
    TimeSynchronization   = 'Msvm_TimeSyncComponent'
    KeyValuePairExchange  = 'Msvm_KvpExchangeComponent'
    Vss                   = 'Msvm_VssComponent'
    GuestServiceInterface = 'Msvm_GuestServiceInterfaceComponent'
}
# Classes whose InstanceID starts with the id of the VM, and the part of a VM that each describes.
$script:InstanceClasses = [ordered]@{
    Vlans         = @{ ClassName = 'Msvm_EthernetSwitchPortVlanSettingData'; Part = 'networkAdapters vlan' }
    GuestNetworks = @{ ClassName = 'Msvm_GuestNetworkAdapterConfiguration'; Part = 'networkAdapters ipAddresses' }
    Security      = @{ ClassName = 'Msvm_SecuritySettingData'; Part = 'tpm' }
}
$script:MaxNamedVms = 8

function Read-VmSource {
    <#
    .SYNOPSIS
    Reads the WMI objects of these VMs (all, if none are named), by VM.
    .DESCRIPTION
    With -Tolerant, a class that cannot be read is missing and named in Failed, except the classes that list VMs and
    their files: deletions on other hosts rely on those. Operations are not tolerant, because a rollback restores what
    they read before.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [AllowEmptyCollection()] [string[]] $VmId = @(),
        [switch] $Tolerant
    )
    # A condition with many names is slower than reading everything.
    $named = $VmId
    if ($VmId.Length -gt $script:MaxNamedVms) { $named = @() }
    $source = @{ Systems = @{}; Settings = @{}; Checkpoints = @{}; Resources = @{}; Vlans = @{}; GuestNetworks = @{}; Security = @{}; Identities = @{}; Services = @{}; Order = @(); Failed = @() }
    foreach ($system in Get-VirtualizationInstance -ClassName 'Msvm_ComputerSystem' -Filter (New-NameFilter -Property 'Name' -Name $named)) {
        $source.Systems[[string]$system.Name] = $system
    }
    foreach ($setting in Get-VirtualizationInstance -ClassName 'Msvm_VirtualSystemSettingData' -Filter (New-NameFilter -Property 'VirtualSystemIdentifier' -Name $named)) {
        $id = [string]$setting.VirtualSystemIdentifier
        if ($setting.VirtualSystemType -eq 'Microsoft:Hyper-V:System:Realized') {
            $source.Settings[$id] = $setting
            $source.Order += $id
        }
        elseif ("$($setting.VirtualSystemType)".StartsWith('Microsoft:Hyper-V:Snapshot:')) { Add-ToList -Table $source.Checkpoints -Key $id -Value $setting }
    }
    foreach ($resource in Get-VirtualizationInstance -ClassName 'CIM_ResourceAllocationSettingData' -Filter (New-InstanceFilter -Name $named)) {
        Add-ToList -Table $source.Resources -Key (Get-InstanceOwner -InstanceId ([string]$resource.InstanceID)) -Value $resource
    }
    $optional = @{ Source = $source; Tolerant = $Tolerant }
    foreach ($entry in $script:InstanceClasses.GetEnumerator()) {
        foreach ($instance in Read-VmPartSource @optional -ClassName $entry.Value.ClassName -Part $entry.Value.Part -Filter (New-InstanceFilter -Name $named)) {
            Add-ToList -Table $source[$entry.Key] -Key (Get-InstanceOwner -InstanceId ([string]$instance.InstanceID)) -Value $instance
        }
    }
    foreach ($identity in Read-VmPartSource @optional -ClassName 'Msvm_LogicalIdentity' -Part 'bootOrder') {
        Add-ToList -Table $source.Identities -Key (Get-InstanceOwner -InstanceId ([string]$identity.SystemElement.InstanceID)) -Value $identity
    }
    foreach ($entry in $script:ServiceClasses.GetEnumerator()) {
        $source.Services[$entry.Key] = @{}
        foreach ($component in Read-VmPartSource @optional -ClassName $entry.Value -Part "integrationServices $($entry.Key)" -Filter (New-NameFilter -Property 'SystemName' -Name $named)) {
            $source.Services[$entry.Key][[string]$component.SystemName] = $component
        }
    }
    return $source
}

function Read-VmPartSource {
    <#
    .SYNOPSIS
    Reads the instances of a class that describes a part of VMs. With -Tolerant, notes an error in the source's Failed.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Source,
        [Parameter(Mandatory)] [string] $ClassName,
        [Parameter(Mandatory)] [string] $Part,
        [string] $Filter = '',
        [switch] $Tolerant
    )
    try { Get-VirtualizationInstance -ClassName $ClassName -Filter $Filter }
    catch {
        if (-not $Tolerant) { throw }
        $Source.Failed += @{ Part = $Part; Message = "$ClassName cannot be read: $($_.Exception.Message)" }
    }
}

function New-NameFilter {
    <#
    .SYNOPSIS
    Creates a WQL condition for a property that holds one of these GUIDs; null for all.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Property,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [string[]] $Name
    )
    return @(foreach ($one in $Name) { "$Property='$($one.ToUpperInvariant())'" }) -join ' OR '
}

function New-InstanceFilter {
    <#
    .SYNOPSIS
    Creates a WQL condition for instances whose InstanceID contains one of these GUIDs.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [string[]] $Name)
    return @(foreach ($one in $Name) { "InstanceID LIKE '%$($one.ToUpperInvariant())%'" }) -join ' OR '
}

function Get-InstanceOwner {
    <#
    .SYNOPSIS
    Returns the GUID of the VM or checkpoint at the start of an InstanceID: "Microsoft:GUID\..." or
    "Microsoft:GuestNetwork\GUID\...".
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $InstanceId)
    $found = [System.Text.RegularExpressions.Regex]::Match($InstanceId, '\AMicrosoft:(?:GuestNetwork\\)?([0-9A-Fa-f-]{36})')
    if (-not $found.Success) { return '' }
    return $found.Groups[1].Value.ToUpperInvariant()
}

function Add-ToList {
    <#
    .SYNOPSIS
    Appends a value to the list under a key.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Table,
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Key,
        [Parameter(Mandatory)] [object] $Value
    )
    if (-not $Table.ContainsKey($Key)) { $Table[$Key] = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList' }
    [void] $Table[$Key].Add($Value)
}

function Get-List {
    <#
    .SYNOPSIS
    Writes the values under a key to the output; nothing if the key is missing.
    #>
    [CmdletBinding()]
    [OutputType([object])]
    param(
        [Parameter(Mandatory)] [hashtable] $Table,
        [Parameter(Mandatory)] [string] $Key
    )
    if ($Table.ContainsKey($Key)) { $Table[$Key] }
}
