# root\virtualization\v2: the Hyper-V WMI provider (learn.microsoft.com/windows/win32/hyperv_v2). Methods are called by
# a query for their object, which saves fetching it first. GUIDs in queries match the contract's pattern.

$script:VirtualizationNamespace = 'root\virtualization\v2'
$script:CimTimeoutSeconds = 60

function Get-VirtualizationInstance {
    <#
    .SYNOPSIS
    Returns the instances of a class, or those that match a WQL condition.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)]
        [ValidateSet('Msvm_ComputerSystem', 'Msvm_VirtualSystemSettingData', 'CIM_ResourceAllocationSettingData',
            'Msvm_EthernetSwitchPortVlanSettingData', 'Msvm_GuestNetworkAdapterConfiguration', 'Msvm_SecuritySettingData', 'Msvm_LogicalIdentity',
            'Msvm_HeartbeatComponent', 'Msvm_ShutdownComponent', 'Msvm_TimeSyncComponent', 'Msvm_KvpExchangeComponent',
            'Msvm_VssComponent', 'Msvm_GuestServiceInterfaceComponent')]
        [string] $ClassName,
        [string] $Filter = ''
    )
    $condition = if ($Filter -eq '') { @{} } else { @{ Filter = $Filter } }
    CimCmdlets\Get-CimInstance -Namespace $script:VirtualizationNamespace -ClassName $ClassName -OperationTimeoutSec $script:CimTimeoutSeconds @condition
}

function Get-VmSummary {
    <#
    .SYNOPSIS
    Returns Msvm_SummaryInformation of all VMs in one call (Msvm_VirtualSystemManagementService.GetSummaryInformation
    without SettingData).
    .DESCRIPTION
    Requests 0 name, 1 element name, 100 enabled state, 101 load, 103 memory usage, 104 heartbeat, 105 uptime, 106 guest
    OS, 108 tasks, 109 health, 110 operational status, 112 memory available.
    #>
    [CmdletBinding()]
    param()
    $answer = CimCmdlets\Invoke-CimMethod -Namespace $script:VirtualizationNamespace -Query 'SELECT * FROM Msvm_VirtualSystemManagementService' -MethodName 'GetSummaryInformation' -Arguments @{
        RequestedInformation = [uint32[]](0, 1, 100, 101, 103, 104, 105, 106, 108, 109, 110, 112)
    } -OperationTimeoutSec $script:CimTimeoutSeconds
    # The object belongs to vmms: without it Hyper-V does not run.
    if ($null -eq $answer) { Assert-HyperVAnswering; throw (New-HyperVOutage -Message 'Hyper-V did not return a summary of its VMs.') }
    if ($answer.ReturnValue -ne 0) {
        throw (New-OperationFailure -Code 'agent-error' -Message "Hyper-V did not return a summary of its VMs (GetSummaryInformation: $($answer.ReturnValue)).")
    }
    $answer.SummaryInformation
}

function Invoke-VmStateChange {
    <#
    .SYNOPSIS
    Calls Msvm_ComputerSystem.RequestStateChange. Returns ReturnValue and the job's InstanceID (null without a job).
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [guid] $VmId,
        [Parameter(Mandatory)] [uint16] $RequestedState
    )
    $answer = CimCmdlets\Invoke-CimMethod -Namespace $script:VirtualizationNamespace -Query "SELECT * FROM Msvm_ComputerSystem WHERE Name='$("$VmId".ToUpperInvariant())'" -MethodName 'RequestStateChange' -Arguments @{
        RequestedState = $RequestedState
    } -OperationTimeoutSec $script:CimTimeoutSeconds
    return ConvertTo-MethodAnswer -Answer $answer
}

function Invoke-GuestShutdown {
    <#
    .SYNOPSIS
    Calls Msvm_ShutdownComponent.InitiateShutdown or InitiateReboot. Both return once the guest has been asked.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [guid] $VmId,
        [Parameter(Mandatory)] [ValidateSet('InitiateShutdown', 'InitiateReboot')] [string] $Method,
        [Parameter(Mandatory)] [bool] $Force
    )
    $answer = CimCmdlets\Invoke-CimMethod -Namespace $script:VirtualizationNamespace -Query "SELECT * FROM Msvm_ShutdownComponent WHERE SystemName='$("$VmId".ToUpperInvariant())'" -MethodName $Method -Arguments @{
        Force = $Force; Reason = 'Aether-V'
    } -OperationTimeoutSec $script:CimTimeoutSeconds
    return ConvertTo-MethodAnswer -Answer $answer
}

function ConvertTo-MethodAnswer {
    <#
    .SYNOPSIS
    Converts the answer of a provider method; null if the query found no object to call it on.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [AllowNull()] [object] $Answer)
    if ($null -eq $Answer) { return $null }
    # Only methods that start jobs have the property Job.
    $job = if ($null -ne $Answer.PSObject.Properties['Job']) { $Answer.Job } else { $null }
    return @{ ReturnValue = [long]$Answer.ReturnValue; Job = $(if ($null -ne $job) { [string]$job.InstanceID } else { $null }) }
}

function Get-VmJob {
    <#
    .SYNOPSIS
    Returns a job by its InstanceID; null if it does not exist. vmms keeps a job for five minutes after its end.
    .DESCRIPTION
    Msvm_ConcreteJob and Msvm_StorageJob share only the base class CIM_ConcreteJob (documentation of the classes).
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [guid] $JobId)
    CimCmdlets\Get-CimInstance -Namespace $script:VirtualizationNamespace -ClassName 'CIM_ConcreteJob' -Filter "InstanceID='$("$JobId".ToUpperInvariant())'" -OperationTimeoutSec $script:CimTimeoutSeconds
}

function Stop-VmJob {
    <#
    .SYNOPSIS
    Requests the termination of a job (CIM_ConcreteJob.RequestStateChange, 4 Terminate). The job may complete all the
    same.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [guid] $JobId)
    $answer = CimCmdlets\Invoke-CimMethod -Namespace $script:VirtualizationNamespace -Query "SELECT * FROM CIM_ConcreteJob WHERE InstanceID='$("$JobId".ToUpperInvariant())'" -MethodName 'RequestStateChange' -Arguments @{
        RequestedState = [uint16]4
    } -OperationTimeoutSec $script:CimTimeoutSeconds
    return ConvertTo-MethodAnswer -Answer $answer
}

function Get-MigrationJob {
    <#
    .SYNOPSIS
    Returns the running job that moves a VM (Msvm_MigrationJob); null if there is none.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [guid] $VmId)
    CimCmdlets\Get-CimInstance -Namespace $script:VirtualizationNamespace -ClassName 'Msvm_MigrationJob' -Filter "VirtualSystemName='$("$VmId".ToUpperInvariant())'" -OperationTimeoutSec $script:CimTimeoutSeconds |
        Microsoft.PowerShell.Core\Where-Object -FilterScript { $_.JobState -eq 4 }
}

function Get-MergeJob {
    <#
    .SYNOPSIS
    Returns the jobs of the image management service (Msvm_StorageJob) that are queued or running.
    .DESCRIPTION
    A merge after the deletion of a VM belongs to no VM, so the jobs of all VMs are returned; waiting for another VM's
    job only takes time.
    #>
    [CmdletBinding()]
    param()
    CimCmdlets\Get-CimInstance -Namespace $script:VirtualizationNamespace -ClassName 'Msvm_StorageJob' -OperationTimeoutSec $script:CimTimeoutSeconds |
        Microsoft.PowerShell.Core\Where-Object -FilterScript { @(7, 8, 9, 10, 32768) -notcontains $_.JobState }
}

function Get-FailedImageJob {
    <#
    .SYNOPSIS
    Returns the recent failed jobs of the image management service: 8 terminated, 9 killed, 10 exception.
    #>
    [CmdletBinding()]
    param()
    CimCmdlets\Get-CimInstance -Namespace $script:VirtualizationNamespace -ClassName 'Msvm_StorageJob' -OperationTimeoutSec $script:CimTimeoutSeconds |
        Microsoft.PowerShell.Core\Where-Object -FilterScript { @(8, 9, 10) -contains $_.JobState }
}
