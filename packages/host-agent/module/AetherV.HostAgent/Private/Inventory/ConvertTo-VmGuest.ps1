# Integration services by the GUID at the end of the InstanceID of their setting data, because their names are
# localized.
$script:ServiceIds = @{
    Heartbeat             = '84EAAE65-2F2E-45F5-9BB5-0E857DC8EB47'
    Shutdown              = '9F8233AC-BE49-4C79-8EE3-E7E1985B2077'
    TimeSynchronization   = '2497F4DE-E9FA-4204-80E4-4B75C46419C0'
    KeyValuePairExchange  = '2A34B1C2-FD73-4043-8A5B-DD2159BC743F'
    Vss                   = '5CED1297-4598-4915-A5FC-AD21BB4D02A4'
    GuestServiceInterface = '6C09BB55-D683-4DA0-8931-C9BF705F6480'
}
function ConvertTo-VmService {
    <#
    .SYNOPSIS
    Converts the integration services of a VM: enabled or not, and the status that the guest reports.
    #>
    [CmdletBinding()]
    [OutputType([object[]])]
    param(
        [Parameter(Mandatory)] [string] $Id,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Resource,
        [Parameter(Mandatory)] [hashtable] $Service,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    $services = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($kind in $script:ServiceClasses.Keys) {
        $enabled = $null
        foreach ($one in $Resource) {
            if ("$($one.InstanceID)".EndsWith($script:ServiceIds[$kind], [System.StringComparison]::OrdinalIgnoreCase)) { $enabled = 2 -eq $one.EnabledState; break }
        }
        if ($null -eq $enabled) { continue }
        $component = $Service[$kind][$Id]
        $status = if (-not $enabled) { 'Disabled' }
        elseif ($null -eq $component) { 'Unknown' }
        else { Get-ServiceStatus -Component $component -Part "integrationServices $kind" -Problem $Problem }
        [void] $services.Add([ordered]@{ kind = $kind; enabled = $enabled; status = $status })
    }
    return , $services.ToArray()
}

function Get-VmHeartbeat {
    <#
    .SYNOPSIS
    Returns the heartbeat status of a VM's guest.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Id,
        [Parameter(Mandatory)] [hashtable] $Service,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Setting,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    foreach ($one in $Setting) { if ($one['kind'] -eq 'Heartbeat' -and -not $one['enabled']) { return 'Disabled' } }
    $component = $Service[$Id]
    if ($null -eq $component) { return 'Unknown' }
    return Get-ServiceStatus -Component $component -Part 'heartbeat' -Problem $Problem
}

function Get-ServiceStatus {
    <#
    .SYNOPSIS
    Returns the status of an integration service: OperationalStatus[0] of its component. Unknown if it has none, and
    Unknown with a problem if the value is not known.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [object] $Component,
        [Parameter(Mandatory)] [string] $Part,
        [Parameter(Mandatory)] [AllowNull()] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    $status = @($Component.OperationalStatus)
    if ($status.Length -eq 0 -or $null -eq $status[0]) { return 'Unknown' }
    $name = Read-WindowsName -Table 'integrationServiceStatus' -Value $status[0] -Part $Part -Problem $Problem
    if ($null -eq $name) { return 'Unknown' }
    return $name
}

function ConvertTo-VmGuest {
    <#
    .SYNOPSIS
    Returns the facts that the guest reports about itself; null if it reports none.
    .DESCRIPTION
    Msvm_KvpExchangeComponent.GuestIntrinsicExchangeItems are XML instances of Msvm_KvpExchangeDataItem.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param([Parameter(Mandatory)] [AllowNull()] [object] $Component)
    if ($null -eq $Component) { return $null }
    $values = @{}
    foreach ($item in @($Component.GuestIntrinsicExchangeItems)) {
        if ([string]::IsNullOrEmpty([string]$item)) { continue }
        $document = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Xml.XmlDocument'
        # Guest data is untrusted: without a resolver it cannot make the agent read a file or address.
        $document.XmlResolver = $null
        try { $document.LoadXml([string]$item) }
        catch [System.Xml.XmlException] { continue }
        $name = $document.SelectSingleNode("//PROPERTY[@NAME='Name']/VALUE")
        $data = $document.SelectSingleNode("//PROPERTY[@NAME='Data']/VALUE")
        if ($null -ne $name -and $null -ne $data) { $values[$name.InnerText] = Limit-Text -Text $data.InnerText }
    }
    if ($values.Count -eq 0) { return $null }
    return [ordered]@{ osName = $values['OSName']; osVersion = $values['OSVersion']; hostname = $values['FullyQualifiedDomainName'] }
}
