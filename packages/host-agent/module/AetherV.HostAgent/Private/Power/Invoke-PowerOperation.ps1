# Msvm_ComputerSystem.RequestStateChange: 2 Enabled (start, resume), 3 Disabled (turn off), 6 Offline (save), 9 Quiesce (pause),
# 11 Reset. shutdown and restart are the guest's to carry out (Msvm_ShutdownComponent).
$script:RequestedStates = @{
    'vm.start' = 2; 'vm.stop' = 3; 'vm.save' = 6; 'vm.pause' = 9; 'vm.resume' = 2; 'vm.reset' = 11
}
# Why a guest cannot be asked, by the status of its shutdown service, and the remedy.
$script:GuestRefusals = @{
    NoContact         = @('has no contact with the host', 'Wait until the guest has started, or turn the VM off.')
    LostCommunication = @('has lost contact with the host', 'Look at its console, or turn the VM off.')
    Error             = @('reports an error', 'Look at its console and update its integration services, or turn the VM off.')
    Paused            = @('is paused', 'Resume the VM first.')
    Disabled          = @('is disabled', 'Enable the shutdown service in the settings of the VM, or turn the VM off.')
}
$script:GuestMethods = @{ 'vm.shutdown' = 'InitiateShutdown'; 'vm.restart' = 'InitiateReboot' }

foreach ($op in 'vm.start', 'vm.shutdown', 'vm.stop', 'vm.restart', 'vm.reset', 'vm.save', 'vm.pause', 'vm.resume') {
    Register-Operation -Op $op -Function 'Invoke-PowerOperation' -Check 'Invoke-PowerCheck'
}

function Invoke-PowerOperation {
    <#
    .SYNOPSIS
    Runs a power action at most once per operation id: begins and follows it, or replays its recorded end.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    $vmId = $Context.Request['vmId']
    $action = Get-PowerAction -Name ($Context.Envelope['op'].Substring(3))
    $opened = Open-JournalRecord -Context $Context -VmId $vmId
    $record = $opened.Record
    $info = $null
    if (-not $opened.Fresh) { Resume-JournalRecord -Record $record }
    if ($record['entry']['state'] -ceq 'running') {
        try {
            $condition = Get-VmCondition -VmId $vmId
            $name = if ($null -eq $condition) { $vmId } else { $condition.Name }
            Write-LogLine -Context $Context -Message "$($action['label']) `"$name`" on $([System.Environment]::MachineName)."
            if ($null -eq $condition) { throw (New-OperationFailure -Code 'not-found' -Message "This host has no VM $vmId.") }
            if ($record['step'] -ceq 'begun') { Start-PowerAction -Context $Context -Record $record -Action $action -Condition $condition }
            Watch-PowerAction -Context $Context -Record $record -Action $action
        }
        catch {
            $info = ConvertTo-PowerError -ErrorRecord $_ -Step $record['step']
            # The host may continue: the record stays open, and operation.status learns the end later.
            if ($info['code'] -cne 'outcome-unknown') { Stop-JournalRecord -Record $record -ErrorInfo $info }
        }
    }
    Set-RecordedEnd -Context $Context -Record $record -Cause $info
}

function Invoke-PowerCheck {
    <#
    .SYNOPSIS
    Refuses a power action that the VM or its guest does not allow now.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Context)
    $vmId = $Context.Request['vmId']
    $condition = Get-VmCondition -VmId $vmId
    if ($null -eq $condition) { throw (New-OperationFailure -Code 'not-found' -Message "This host has no VM $vmId.") }
    Assert-PowerAction -Action (Get-PowerAction -Name ($Context.Envelope['op'].Substring(3))) -Condition $condition -VmId $vmId
}

function Assert-PowerAction {
    <#
    .SYNOPSIS
    Throws wrong-state if the state of the VM, or its guest, does not allow a power action.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Action,
        [Parameter(Mandatory)] [hashtable] $Condition,
        [Parameter(Mandatory)] [string] $VmId
    )
    Assert-PowerActionAllowed -Action $Action -Condition $Condition
    if ($script:GuestMethods.ContainsKey($Action['op'])) { Assert-GuestListens -VmId $VmId -Name $Condition.Name }
}

function ConvertTo-PowerError {
    <#
    .SYNOPSIS
    Converts an error of a power action. Once Hyper-V was asked, only our own errors and a denied access prove that nothing happened.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [System.Management.Automation.ErrorRecord] $ErrorRecord,
        [Parameter(Mandatory)] [string] $Step
    )
    $info = ConvertTo-ErrorInfo -ErrorRecord $ErrorRecord
    if ($Step -ceq 'begun' -or (Test-OperationFailure -ErrorRecord $ErrorRecord)) { return $info }
    if ($Step -ceq 'asking' -and $info['code'] -ceq 'access-denied') { return $info }
    # After a CIM timeout or a restart of vmms, Hyper-V may have accepted the request nevertheless.
    return New-UnknownOutcome -Message $info['message'] -Remedy 'Refresh after a moment, and check the state of the VM.'
}

function Start-PowerAction {
    <#
    .SYNOPSIS
    Asks Hyper-V or the guest to begin. The journal records the request before it is sent, and the answer after.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Action,
        [Parameter(Mandatory)] [hashtable] $Condition
    )
    $op = $Action['op']
    $vmId = $Record['entry']['vmId']
    Assert-PowerAction -Action $Action -Condition $Condition -VmId $vmId
    $facts = [ordered]@{ askedAt = ConvertTo-Timestamp -Time (Get-HostTime); uptimeMs = $Condition.UptimeMs; job = $null }
    Save-JournalStep -Record $Record -Step 'asking' -Facts $facts
    if ($script:GuestMethods.ContainsKey($op)) {
        $force = $op -ceq 'vm.shutdown' -and $Context.Request['force']
        $answer = Invoke-GuestShutdown -VmId $vmId -Method $script:GuestMethods[$op] -Force $force
    }
    else {
        $answer = Invoke-VmStateChange -VmId $vmId -RequestedState $script:RequestedStates[$op]
    }
    if ($null -eq $answer) { Assert-HyperVAnswering; throw (New-OperationFailure -Code 'not-found' -Message "This host has no VM $vmId.") }
    Assert-MethodAccepted -Answer $answer -Action $Action -Name $Condition.Name
    Save-JournalStep -Record $Record -Step 'asked' -Facts @{ job = $answer.Job }
}

function Assert-GuestListens {
    <#
    .SYNOPSIS
    Refuses to ask a guest whose shutdown service does not work, judged by Msvm_ShutdownComponent.OperationalStatus[0]. Degraded (3) is
    an older integration component that works.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [string] $Name
    )
    $component = Get-VirtualizationInstance -ClassName 'Msvm_ShutdownComponent' -Filter "SystemName='$($VmId.ToUpperInvariant())'"
    $status = if ($null -eq $component) { 'NoContact' }
    elseif ($component.EnabledState -ne 2) { 'Disabled' }
    else { Get-ServiceStatus -Component $component -Part 'shutdown' -Problem $null }
    if ($status -ceq 'Ok' -or $status -ceq 'Degraded') { return }
    $refusal = if ($script:GuestRefusals.ContainsKey($status)) { $script:GuestRefusals[$status] } else { $script:GuestRefusals['NoContact'] }
    throw (New-OperationFailure -Code 'wrong-state' -Message "The guest of `"$Name`" cannot be shut down or restarted: its shutdown service $($refusal[0])." -Remedy $refusal[1])
}

function Assert-MethodAccepted {
    <#
    .SYNOPSIS
    Throws unless a method accepted: ReturnValue 0 is done, 4096 a started job, 32775 a wrong state, any other a failure.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [AllowNull()] [hashtable] $Answer,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Action,
        [Parameter(Mandatory)] [string] $Name
    )
    if ($null -eq $Answer) { Assert-HyperVAnswering; throw (New-OperationFailure -Code 'not-found' -Message "This host no longer has a VM named `"$Name`".") }
    $value = $Answer.ReturnValue
    if ($value -eq 0 -or ($value -eq 4096 -and $null -ne $Answer.Job)) { return }
    if ($value -eq 32775) {
        throw (New-OperationFailure -Code 'wrong-state' -Message "Hyper-V refused `"$($Action['label'])`": the state of `"$Name`" does not allow it.")
    }
    throw (New-OperationFailure -Code 'agent-error' -Message "Hyper-V refused `"$($Action['label'])`" for `"$Name`" (code $value).")
}
