# Activities during which Hyper-V does not change the state of a VM.
$script:PowerHindrances = @{
    Migrating = 'is being moved to another host'; MigratingPlanned = 'is the planned VM of a migration'; CreatingCheckpoint = 'has a checkpoint being created'
    ApplyingCheckpoint = 'is being restored to a checkpoint'; DeletingCheckpoint = 'has a checkpoint being deleted'
}

function ConvertTo-VmCondition {
    <#
    .SYNOPSIS
    Converts Msvm_ComputerSystem or Msvm_SummaryInformation to state, health, criticality and activity.
    .DESCRIPTION
    EnabledState 1 (Other) has its value in OtherEnabledState. A VM is critical if its health is not 5, in any state
    (VirtualMachine.State of nforgeio/neonSDK). The activity is the first operational status that names one.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [object] $System,
        [AllowNull()] [System.Collections.IList] $Problem = $null
    )
    $state = Get-WindowsName -Table 'vmEnabledState' -Value $System.EnabledState
    if ($state -ceq 'Other') {
        $named = Get-WindowsName -Table 'vmOtherEnabledState' -Value "$($System.OtherEnabledState)".ToLowerInvariant()
        if ($null -ne $named) { $state = $named }
    }
    if ($null -eq $state) {
        $state = 'Other'
        Add-FactProblem -Problem $Problem -Part 'state' -Message "Hyper-V reported the unknown state $(Get-ShownValue -Value $System.EnabledState)."
    }
    $health = Read-WindowsName -Table 'vmHealth' -Value $System.HealthState -Part 'health' -Problem $Problem
    if ($null -eq $health) { $health = 'Unknown' }
    $activity = $null
    foreach ($status in @($System.OperationalStatus)) {
        if ($null -eq $status) { continue }
        $named = Get-WindowsName -Table 'vmActivity' -Value $status
        if ($null -ne $named) { $activity = $named; break }
        if ($null -eq (Get-WindowsName -Table 'vmStatus' -Value $status)) {
            Add-FactProblem -Problem $Problem -Part 'activity' -Message "Hyper-V reported the unknown operational status $(Get-ShownValue -Value $status)."
        }
    }
    return @{ State = $state; Health = $health; Critical = $health -cne 'Ok'; Activity = $activity }
}

function Get-VmCondition {
    <#
    .SYNOPSIS
    Returns name, state, criticality, activity and uptime of a VM; null if this host has no such VM. Throws if Hyper-V
    does not respond.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [string] $VmId)
    $system = Get-VirtualizationInstance -ClassName 'Msvm_ComputerSystem' -Filter "Name='$($VmId.ToUpperInvariant())'"
    if ($null -eq $system) { Assert-HyperVAnswering; return $null }
    $condition = ConvertTo-VmCondition -System $system
    $condition.Name = [string]$system.ElementName
    $uptime = ConvertTo-WholeNumber -Value $system.OnTimeInMilliseconds -Minimum 0 -Maximum ([long]::MaxValue)
    $condition.UptimeMs = if ($null -eq $uptime) { [long]0 } else { $uptime }
    return $condition
}

function Test-VmRestarted {
    <#
    .SYNOPSIS
    Returns true if a VM has restarted since the request: its uptime is smaller than before, or than it would be now.
    .DESCRIPTION
    Hyper-V counts the uptime itself. The check tolerates clock changes of less than half of the previous uptime.
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
    Throws wrong-state if an action does not fit the state of the VM (isActionAllowed in packages/types), or Hyper-V works
    on the VM so that its state cannot change (vmActivityRules).
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Action,
        [Parameter(Mandatory)] [hashtable] $Condition
    )
    $name = $Condition.Name
    if ($null -ne $Condition.Activity -and $script:PowerHindrances.ContainsKey($Condition.Activity)) {
        throw (New-OperationFailure -Code 'wrong-state' -Message "`"$name`" $($script:PowerHindrances[$Condition.Activity]); it cannot $($Action['label'].ToLowerInvariant()) now." -Remedy 'Wait until this has ended, then retry.')
    }
    if ($Condition.Critical) {
        if ($Action['op'] -ceq 'vm.stop' -and $Condition.State -cne 'Off') { return }
        throw (New-OperationFailure -Code 'wrong-state' -Message "`"$name`" is critical ($($Condition.State), health $($Condition.Health)), usually because its storage is unreachable." -Remedy 'Restore its storage, or turn the VM off.')
    }
    if ($Action['allowedStates'] -ccontains $Condition.State) { return }
    throw (New-OperationFailure -Code 'wrong-state' -Message "`"$name`" is $($Condition.State): $($Action['label']) needs $($Action['allowedStates'] -join ' or ').")
}
