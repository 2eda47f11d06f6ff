# root\virtualization\v2: the Hyper-V WMI provider (learn.microsoft.com/windows/win32/hyperv_v2). Methods are called by a query
# for their object, so that no object has to be fetched first; GUIDs in queries have passed the contract's pattern.

$script:VirtualizationNamespace = 'root\virtualization\v2'
$script:CimTimeoutSeconds = 60

function Get-VirtualizationInstance {
    <#
    .SYNOPSIS
    Instances of a class, all or those that a WQL condition names.
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
    Msvm_SummaryInformation of all VMs in one call (Msvm_VirtualSystemManagementService.GetSummaryInformation; without
    SettingData it speaks of all).
    .DESCRIPTION
    Asks for 0 name, 1 element name, 100 enabled state, 101 load, 103 memory usage, 104 heartbeat, 105 uptime, 106 guest OS,
    108 tasks, 109 health, 110 operational status, 112 memory available.
    #>
    [CmdletBinding()]
    param()
    $answer = CimCmdlets\Invoke-CimMethod -Namespace $script:VirtualizationNamespace -Query 'SELECT * FROM Msvm_VirtualSystemManagementService' -MethodName 'GetSummaryInformation' -Arguments @{
        RequestedInformation = [uint32[]](0, 1, 100, 101, 103, 104, 105, 106, 108, 109, 110, 112)
    } -OperationTimeoutSec $script:CimTimeoutSeconds
    # The management service is vmms: no object, no Hyper-V.
    if ($null -eq $answer) { Assert-HyperVAnswering; throw (New-HyperVOutage -Message 'Hyper-V did not return a summary of its VMs.') }
    if ($answer.ReturnValue -ne 0) {
        throw (New-OperationFailure -Code 'agent-error' -Message "Hyper-V did not return a summary of its VMs (GetSummaryInformation: $($answer.ReturnValue)).")
    }
    $answer.SummaryInformation
}

function Invoke-VmStateChange {
    <#
    .SYNOPSIS
    Msvm_ComputerSystem.RequestStateChange. Returns ReturnValue and the job's InstanceID (null without a job).
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
    Msvm_ShutdownComponent.InitiateShutdown, or InitiateReboot. Both ask the guest and return when it was asked.
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
    What a method of the provider answered; null where the query found no object to call it on.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [AllowNull()] [object] $Answer)
    if ($null -eq $Answer) { return $null }
    # A method without a job has no such property; an answer has the properties that the method declares.
    $job = if ($null -ne $Answer.PSObject.Properties['Job']) { $Answer.Job } else { $null }
    return @{ ReturnValue = [long]$Answer.ReturnValue; Job = $(if ($null -ne $job) { [string]$job.InstanceID } else { $null }) }
}

function Get-VmJob {
    <#
    .SYNOPSIS
    A job by its InstanceID. vmms keeps a job for five minutes after its end; then there is none.
    .DESCRIPTION
    Msvm_ConcreteJob and Msvm_StorageJob, the image service's, have no more than CIM_ConcreteJob in common (their WMI pages).
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [guid] $JobId)
    CimCmdlets\Get-CimInstance -Namespace $script:VirtualizationNamespace -ClassName 'CIM_ConcreteJob' -Filter "InstanceID='$("$JobId".ToUpperInvariant())'" -OperationTimeoutSec $script:CimTimeoutSeconds
}

function Stop-VmJob {
    <#
    .SYNOPSIS
    Asks a job to end (CIM_ConcreteJob.RequestStateChange, 4 Terminate). It may be past that.
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
    The running job that moves a VM (Msvm_MigrationJob); null without one.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [guid] $VmId)
    CimCmdlets\Get-CimInstance -Namespace $script:VirtualizationNamespace -ClassName 'Msvm_MigrationJob' -Filter "VirtualSystemName='$("$VmId".ToUpperInvariant())'" -OperationTimeoutSec $script:CimTimeoutSeconds |
        Microsoft.PowerShell.Core\Where-Object -FilterScript { $_.JobState -eq 4 }
}

function Get-MergeJob {
    <#
    .SYNOPSIS
    Jobs of the image service (Msvm_StorageJob) that have not ended, those in its queue included. A merge after a VM is gone belongs to no VM that could be asked, so these
    are those of all VMs; waiting for another one's only takes time.
    #>
    [CmdletBinding()]
    param()
    CimCmdlets\Get-CimInstance -Namespace $script:VirtualizationNamespace -ClassName 'Msvm_StorageJob' -OperationTimeoutSec $script:CimTimeoutSeconds |
        Microsoft.PowerShell.Core\Where-Object -FilterScript { @(7, 8, 9, 10, 32768) -notcontains $_.JobState }
}

function Get-FailedImageJob {
    <#
    .SYNOPSIS
    Jobs of the image service that ended in the last minutes and did not succeed: 8 terminated, 9 killed, 10 exception.
    #>
    [CmdletBinding()]
    param()
    CimCmdlets\Get-CimInstance -Namespace $script:VirtualizationNamespace -ClassName 'Msvm_StorageJob' -OperationTimeoutSec $script:CimTimeoutSeconds |
        Microsoft.PowerShell.Core\Where-Object -FilterScript { @(8, 9, 10) -contains $_.JobState }
}
