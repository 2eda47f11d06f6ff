# Msvm_ComputerSystem.EnabledState as the states of the contract. From 32781 on the VM is critical (its storage is lost), in the
# order of Hyper-V's VMState enumeration.
$script:VmStates = @{
    2 = 'Running'; 3 = 'Off'; 4 = 'Stopping'; 6 = 'Saved'; 9 = 'Paused'; 10 = 'Starting'; 11 = 'Resetting'
    32773 = 'Saving'; 32776 = 'Pausing'; 32777 = 'Resuming'; 32779 = 'FastSaved'; 32780 = 'FastSaving'
}
$script:CriticalStates = @{
    32781 = 'Running'; 32782 = 'Off'; 32783 = 'Stopping'; 32784 = 'Saved'; 32785 = 'Paused'; 32786 = 'Starting'; 32787 = 'Resetting'
    32788 = 'Saving'; 32789 = 'Pausing'; 32790 = 'Resuming'; 32791 = 'FastSaved'; 32792 = 'FastSaving'
}
# Msvm_ComputerSystem.OperationalStatus[1].
$script:VmActivities = @{
    32768 = 'CreatingCheckpoint'; 32769 = 'ApplyingCheckpoint'; 32770 = 'DeletingCheckpoint'; 32771 = 'WaitingToStart'
    32772 = 'MergingDisks'; 32773 = 'Exporting'; 32774 = 'Migrating'
}

function ConvertTo-VmCondition {
    <#
    .SYNOPSIS
    State, criticality and activity out of Hyper-V's numbers (of Msvm_ComputerSystem or Msvm_SummaryInformation).
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [int] $EnabledState,
        [Parameter(Mandatory)] [AllowNull()] [object] $OperationalStatus
    )
    $status = @($OperationalStatus)
    $activity = if ($status.Count -gt 1) { $script:VmActivities[[int]$status[1]] } else { $null }
    if ($script:CriticalStates.ContainsKey($EnabledState)) {
        return @{ State = $script:CriticalStates[$EnabledState]; Critical = $true; Activity = $activity }
    }
    $state = if ($script:VmStates.ContainsKey($EnabledState)) { $script:VmStates[$EnabledState] } else { 'Other' }
    return @{ State = $state; Critical = $false; Activity = $activity }
}

function Get-VmCondition {
    <#
    .SYNOPSIS
    Name, state, criticality, activity and uptime of one VM; null when this host has none of that id.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [string] $VmId)
    $system = Get-VirtualizationInstance -ClassName 'Msvm_ComputerSystem' -Filter "Name='$($VmId.ToUpperInvariant())'"
    if ($null -eq $system) { return $null }
    $condition = ConvertTo-VmCondition -EnabledState $system.EnabledState -OperationalStatus $system.OperationalStatus
    $condition.Name = [string]$system.ElementName
    $condition.UptimeMs = if ($null -eq $system.OnTimeInMilliseconds) { [long]0 } else { [long]$system.OnTimeInMilliseconds }
    return $condition
}

function Test-VmRestarted {
    <#
    .SYNOPSIS
    Whether a VM has been restarted since it was asked for: its uptime is less than it was, or than it would be by now.
    .DESCRIPTION
    Uptime is Hyper-V's own count. The host's clock may have been set meanwhile, by less than half of the uptime before.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record,
        [Parameter(Mandatory)] [hashtable] $Condition
    )
    $before = [double]$Record['facts']['uptimeMs']
    if ($Condition.UptimeMs -lt $before) { return $true }
    $elapsed = ((Get-HostTime) - (ConvertFrom-Timestamp -Text $Record['facts']['askedAt'])).TotalMilliseconds
    return $Condition.UptimeMs -lt $elapsed + $before / 2
}

function Assert-PowerActionAllowed {
    <#
    .SYNOPSIS
    Refuses an action that does not fit the VM's state: the rule of packages/types, isActionAllowed, and no action during a move.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Action,
        [Parameter(Mandatory)] [hashtable] $Condition
    )
    $name = $Condition.Name
    if ($Condition.Activity -ceq 'Migrating') {
        throw (New-OperationFailure -Code 'wrong-state' -Message "`"$name`" is being moved to another host; it cannot $($Action['label'].ToLowerInvariant()) now." -Remedy 'Wait until the move has ended.')
    }
    if ($Condition.Critical) {
        if ($Action['op'] -ceq 'vm.stop' -and $Condition.State -cne 'Off') { return }
        throw (New-OperationFailure -Code 'wrong-state' -Message "`"$name`" is critical ($($Condition.State), its storage is lost)." -Remedy 'Bring its storage back, or turn it off.')
    }
    if ($Action['allowedStates'] -ccontains $Condition.State) { return }
    throw (New-OperationFailure -Code 'wrong-state' -Message "`"$name`" is $($Condition.State): $($Action['label']) needs $($Action['allowedStates'] -join ' or ').")
}
