# The progress of an action is read from Hyper-V each time: from its job, or from the state of the VM if only the guest
# was asked. Every session therefore sees the same outcome.

$script:PollMilliseconds = 500
$script:GuestGraceMilliseconds = 300000

function Watch-PowerAction {
    <#
    .SYNOPSIS
    Reports the progress of an action until it ends or times out, and ends its record.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Action
    )
    while ($true) {
        $progress = Get-PowerProgress -Record $Record -Action $Action
        if ($progress.Ended) { Complete-PowerAction -Record $Record -Action $Action -Progress $progress; return }
        if ($Record['entry']['percent'] -ne $progress.Percent -or $Record['entry']['message'] -cne $progress.Message) {
            $Record['entry']['percent'] = $progress.Percent
            $Record['entry']['message'] = $progress.Message
            Save-JournalRecord -Record $Record
        }
        Write-ProgressLine -Context $Context -Percent $progress.Percent -Message $progress.Message
        Write-DueHeartbeat -Context $Context
        if (Test-CancelMarker -Id $Record['entry']['operationId']) {
            Stop-PowerAction -Record $Record
            Clear-CancelMarker -Id $Record['entry']['operationId']
        }
        $left = Get-TimeLeft -Context $Context
        if ($left -le 0) {
            throw (New-OperationFailure -Code 'outcome-unknown' -Message 'The operation timed out; the host is still working on it.' -Remedy 'Refresh after a moment, and check the state of the VM.')
        }
        Wait-HostTime -Milliseconds ([System.Math]::Min($script:PollMilliseconds, $left))
    }
}

function Complete-PowerAction {
    <#
    .SYNOPSIS
    Ends the record of an action with its result or failure.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Action,
        [Parameter(Mandatory)] [hashtable] $Progress
    )
    if ($null -ne $Progress.Failure) { Stop-JournalRecord -Record $Record -ErrorInfo $Progress.Failure; return }
    $vmId = $Record['entry']['vmId']
    $condition = Get-VmCondition -VmId $vmId
    $state = if ($null -eq $condition) { $Action['target'] } else { $condition.State }
    Complete-JournalRecord -Record $Record -Result ([ordered]@{ vmId = $vmId; state = $state })
}

function Stop-PowerAction {
    <#
    .SYNOPSIS
    Cancels the job of an action. A request to the guest cannot be cancelled: such an operation is followed to its end.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Record)
    $job = $Record['facts']['job']
    if ($null -ne $job) { [void] (Stop-VmJob -JobId $job) }
}

function Get-PowerProgress {
    <#
    .SYNOPSIS
    Returns the progress of an action. While Hyper-V does not respond the action has not ended, because empty answers
    then say nothing about the VM.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Action
    )
    try { return Read-PowerProgress -Record $Record -Action $Action }
    catch {
        if ((ConvertTo-ErrorInfo -ErrorRecord $_)['code'] -cne 'hyperv-unavailable') { throw }
        return @{ Ended = $false; Percent = $null; Message = 'Waiting for Hyper-V to respond' }
    }
}

function Read-PowerProgress {
    <#
    .SYNOPSIS
    Reads the progress of an action from its job, the guest, or the state of the VM. Throws if Hyper-V does not respond.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Action
    )
    $job = $Record['facts']['job']
    if ($null -ne $job) { return Get-JobProgress -Record $Record -Action $Action -Job (Get-VmJob -JobId $job) }
    $condition = Get-VmCondition -VmId $Record['entry']['vmId']
    if ($null -eq $condition) {
        return @{ Ended = $true; Failure = [ordered]@{ code = 'not-found'; message = 'The VM is no longer on this host.'; remedy = $null } }
    }
    if ($script:GuestMethods.ContainsKey($Action['op'])) { return Get-GuestProgress -Record $Record -Action $Action -Condition $condition }
    # Hyper-V completed the action without a job, or the session died before it knew the job.
    if ($condition.State -ceq $Action['transition']) { return @{ Ended = $false; Percent = $null; Message = $Action['transition'] } }
    return Get-SettledProgress -Record $Record -Action $Action -Condition $condition
}

function Get-JobProgress {
    <#
    .SYNOPSIS
    Returns the progress of a job by its JobState: 7 and 32768 completed, 8 terminated, 9 killed, 10 exception, others
    running.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Action,
        [Parameter(Mandatory)] [AllowNull()] [object] $Job
    )
    if ($null -eq $Job) { return Get-ForgottenProgress -Record $Record -Action $Action }
    $state = [int]$Job.JobState
    if ($state -eq 7 -or $state -eq 32768) {
        $condition = Get-VmCondition -VmId $Record['entry']['vmId']
        if ($null -eq $condition) { return @{ Ended = $true; Failure = $null } }
        return Get-SettledProgress -Record $Record -Action $Action -Condition $condition
    }
    if ($state -eq 8 -or $state -eq 9) {
        return @{ Ended = $true; Failure = [ordered]@{ code = 'cancelled'; message = "$($Action['label']) was cancelled."; remedy = $null } }
    }
    if ($state -eq 10) {
        # The text is localized, so it is only shown.
        $text = Limit-Text -Text ([string]$Job.ErrorDescription) -Length 3000
        return @{ Ended = $true; Failure = [ordered]@{ code = 'agent-error'; message = "$($Action['label']) failed (code $([long]$Job.ErrorCode)). $text".Trim(); remedy = $null } }
    }
    return @{ Ended = $false; Percent = [long][System.Math]::Min(99, [int]$Job.PercentComplete); Message = $Action['transition'] }
}

function Get-SettledProgress {
    <#
    .SYNOPSIS
    Returns the progress of an action whose job has completed, by the state of the VM, which may change some seconds
    late. If the VM does not reach the target state, the action has failed.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Action,
        [Parameter(Mandatory)] [hashtable] $Condition
    )
    if ($Condition.State -ceq $Action['target']) { return @{ Ended = $true; Failure = $null } }
    $waiting = @{ Ended = $false; Percent = $null; Message = $Action['transition'] }
    if ($Condition.State -ceq $Action['transition']) { return $waiting }
    if ($null -eq $Record['facts']['settlingSince']) { $Record['facts']['settlingSince'] = ConvertTo-Timestamp -Time (Get-HostTime) }
    $since = ConvertFrom-Timestamp -Text $Record['facts']['settlingSince']
    if (((Get-HostTime) - $since).TotalMilliseconds -lt $script:SettleMilliseconds) { return $waiting }
    $health = if ($Condition.Critical) { ", and its health is $($Condition.Health)" } else { '' }
    return @{ Ended = $true; Failure = [ordered]@{
            code = 'agent-error'; message = "$($Action['label']) did not succeed: `"$($Condition.Name)`" is $($Condition.State)$health."; remedy = 'Check the event log Hyper-V-VMMS on the host.'
        }
    }
}

function Get-ForgottenProgress {
    <#
    .SYNOPSIS
    Returns the outcome of an action whose job vmms no longer lists, as far as the state of the VM proves it.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Action
    )
    $condition = Get-VmCondition -VmId $Record['entry']['vmId']
    if ($null -ne $condition -and $condition.State -ceq $Action['target']) { return @{ Ended = $true; Failure = $null } }
    # vmms loses its list of jobs on a restart, but may still complete the work.
    if ($null -ne $condition -and $condition.State -ceq $Action['transition']) { return @{ Ended = $false; Percent = $null; Message = $Action['transition'] } }
    return @{ Ended = $true; Failure = [ordered]@{
            code = 'outcome-unknown'; message = "Hyper-V no longer lists the job, so its outcome is not known; the VM is $(if ($null -eq $condition) { 'not on this host' } else { $condition.State })."; remedy = $null
        }
    }
}

function Get-GuestProgress {
    <#
    .SYNOPSIS
    Returns the progress of a guest shutdown or restart: done, refused, timed out (five minutes, as with Stop-VM), or in
    progress.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Action,
        [Parameter(Mandatory)] [hashtable] $Condition
    )
    $elapsed = ((Get-HostTime) - (ConvertFrom-Timestamp -Text $Record['facts']['askedAt'])).TotalMilliseconds
    $reboot = $Action['op'] -ceq 'vm.restart'
    if (-not $reboot -and $Condition.State -ceq 'Off') { return @{ Ended = $true; Failure = $null } }
    if ($reboot -and $Condition.State -ceq 'Running' -and (Test-VmRestarted -Record $Record -Condition $Condition)) { return @{ Ended = $true; Failure = $null } }
    if ($elapsed -ge $script:GuestGraceMilliseconds) {
        return @{ Ended = $true; Failure = [ordered]@{
                code = 'guest-timeout'; message = "The guest of `"$($Condition.Name)`" did not respond within five minutes."; remedy = 'Check the console of the VM, or turn the VM off.'
            }
        }
    }
    if ($Condition.State -ceq 'Stopping') { $Record['facts']['left'] = $true }
    elseif ($Record['facts']['left'] -and $Condition.State -ceq 'Running') {
        return @{ Ended = $true; Failure = [ordered]@{
                code = 'agent-error'; message = "The guest of `"$($Condition.Name)`" refused the request, because applications with unsaved work are open."; remedy = 'Save the work and close them, or force the shutdown.'
            }
        }
    }
    elseif ($Condition.State -ceq 'Off' -or $Condition.State -ceq 'Saved') {
        return @{ Ended = $true; Failure = [ordered]@{ code = 'cancelled'; message = "$($Action['label']) was superseded: `"$($Condition.Name)`" is $($Condition.State)."; remedy = $null } }
    }
    return @{ Ended = $false; Percent = $null; Message = 'Waiting for the guest' }
}
