# root\cimv2 (learn.microsoft.com/windows/win32/cimwin32prov) and the Hyper-V settings of the host.

function Get-HostInstance {
    <#
    .SYNOPSIS
    Returns the instances of a class in root\cimv2.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [ValidateSet('Win32_OperatingSystem', 'Win32_ComputerSystem', 'Win32_Processor', 'Win32_Volume',
            'Win32_PerfFormattedData_HvStats_HyperVHypervisorLogicalProcessor', 'Win32_Service')]
        [string] $ClassName,
        [string] $Filter = ''
    )
    $condition = if ($Filter -eq '') { @{} } else { @{ Filter = $Filter } }
    CimCmdlets\Get-CimInstance -Namespace 'root\cimv2' -ClassName $ClassName -OperationTimeoutSec $script:CimTimeoutSeconds @condition
}

function Get-HostName {
    <#
    .SYNOPSIS
    Returns the computer name as Windows writes it.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param()
    return [string](Get-HostInstance -ClassName 'Win32_ComputerSystem').Name
}

function Get-HyperVHost {
    <#
    .SYNOPSIS
    Calls Get-VMHost, for the default folders.
    #>
    [CmdletBinding()]
    param()
    Hyper-V\Get-VMHost
}

function Get-HyperVSwitch {
    <#
    .SYNOPSIS
    Calls Get-VMSwitch. Returns all switches with ids and types.
    #>
    [CmdletBinding()]
    param()
    Hyper-V\Get-VMSwitch
}

function Test-VirtualizationReadable {
    <#
    .SYNOPSIS
    Returns true if the Hyper-V WMI provider exists and can be read.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param()
    try { return $null -ne (CimCmdlets\Get-CimInstance -Namespace $script:VirtualizationNamespace -ClassName 'Msvm_VirtualSystemManagementService' -OperationTimeoutSec $script:CimTimeoutSeconds) }
    catch { return $false }
}

function Get-HyperVOutage {
    <#
    .SYNOPSIS
    Returns a text that says why Hyper-V does not respond; null if it responds.
    .DESCRIPTION
    While vmms is stopped or starting, queries for VMs return nothing instead of failing. An account that cannot read
    Win32_Service gets a less precise reason, based on the provider's own object.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param()
    $service = $null
    try { $service = Get-HostInstance -ClassName 'Win32_Service' -Filter "Name='vmms'" }
    catch { $service = $null }
    if ($null -ne $service -and "$($service.State)" -ne 'Running') {
        return "The service Hyper-V Virtual Machine Management (vmms) is not running: its state is $($service.State)."
    }
    if (Test-VirtualizationReadable) { return $null }
    return 'The Hyper-V WMI provider does not answer.'
}

function Assert-HyperVAnswering {
    <#
    .SYNOPSIS
    Throws hyperv-unavailable unless Hyper-V responds. Only then does an empty answer mean that nothing exists.
    #>
    [CmdletBinding()]
    param()
    $outage = Get-HyperVOutage
    if ($null -eq $outage) { return }
    throw (New-HyperVOutage -Message $outage)
}

function New-HyperVOutage {
    <#
    .SYNOPSIS
    Creates the hyperv-unavailable error. The caller throws it.
    #>
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param([Parameter(Mandatory)] [string] $Message)
    return New-OperationFailure -Code 'hyperv-unavailable' -Message $Message -Remedy 'Start the service vmms on the host, or wait until it has started. Running VMs are not affected.'
}

function Get-CallerLanguageMode {
    <#
    .SYNOPSIS
    Returns the language mode of the session: NoLanguage under JEA, although this module runs in FullLanguage.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param()
    # The code of the module always runs in FullLanguage; the initial session state tells what the session allows.
    $initial = [System.Management.Automation.Runspaces.Runspace]::DefaultRunspace.InitialSessionState
    if ($null -eq $initial) { return 'FullLanguage' }
    return [string]$initial.LanguageMode
}
