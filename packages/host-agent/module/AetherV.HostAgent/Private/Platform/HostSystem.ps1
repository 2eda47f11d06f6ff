# root\cimv2 (learn.microsoft.com/windows/win32/cimwin32prov) and the host's own settings in Hyper-V.

function Get-HostInstance {
    <#
    .SYNOPSIS
    Instances of a class of root\cimv2.
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
    The computer name, as Windows writes it.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param()
    return [string](Get-HostInstance -ClassName 'Win32_ComputerSystem').Name
}

function Get-HyperVHost {
    <#
    .SYNOPSIS
    Get-VMHost: the default folders.
    #>
    [CmdletBinding()]
    param()
    Hyper-V\Get-VMHost
}

function Get-HyperVSwitch {
    <#
    .SYNOPSIS
    Get-VMSwitch: all switches, with ids and types.
    #>
    [CmdletBinding()]
    param()
    Hyper-V\Get-VMSwitch
}

function Test-VirtualizationReadable {
    <#
    .SYNOPSIS
    Whether the Hyper-V provider is there and may be read.
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
    Why Hyper-V does not answer, in words; null if it does.
    .DESCRIPTION
    While vmms is stopped or starting, queries for VMs come back empty instead of failing. An account that may not read Win32_Service
    learns less of the reason; the provider's own object decides then.
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
    Throws hyperv-unavailable unless Hyper-V answers: only then does an empty answer mean that there is nothing.
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
    The error of an operation that Hyper-V does not answer; to be thrown.
    #>
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param([Parameter(Mandatory)] [string] $Message)
    return New-OperationFailure -Code 'hyperv-unavailable' -Message $Message -Remedy 'Start the service vmms on the host, or wait until it has started. Running VMs are not affected.'
}

function Get-CallerLanguageMode {
    <#
    .SYNOPSIS
    The language mode of the session: under JEA that is NoLanguage, though this module runs in full.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param()
    # The module's own code always runs in FullLanguage; what the session allows is how its runspace was set up.
    $initial = [System.Management.Automation.Runspaces.Runspace]::DefaultRunspace.InitialSessionState
    if ($null -eq $initial) { return 'FullLanguage' }
    return [string]$initial.LanguageMode
}
