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
