# An operation of several steps. Each is in the journal before it is taken, with what it may leave behind; when one fails, when
# somebody asks it to end, or when its session died, what may be left is looked for and undone.

# How long a job may take to end after it was told to.
$script:GraceMilliseconds = 60000

function New-Saga {
    <#
    .SYNOPSIS
    The state of an operation of several steps. Committed: what follows must be finished. Open: the host is still at it, and the
    record stays open for whoever sends the id again.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record
    )
    return @{ Context = $Context; Record = $Record; Planned = 1; Taken = -1; Committed = $false; Open = $false; DiskId = $null; DriveId = $null; Use = $null; AdapterId = $null; Deleted = $null; Remaining = $null; Result = $null }
}

function Step-Saga {
    <#
    .SYNOPSIS
    Says that a step is about to be taken, and what it may leave behind. Ends the operation here if that was asked for.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $Message,
        [AllowNull()] [System.Collections.IDictionary] $Undo = $null
    )
    $record = $Saga.Record
    if (-not $Saga.Committed -and (Test-CancelMarker -Id $record['entry']['operationId'])) {
        throw (New-OperationFailure -Code 'cancelled' -Message "The operation was cancelled before this step: $Message")
    }
    $Saga.Taken++
    $record['entry']['percent'] = Get-SagaPercent -Saga $Saga -PartOfStep 0
    $record['entry']['message'] = Limit-Text -Text $Message
    if ($null -ne $Undo) { $record['facts']['undo'] = @(@($record['facts']['undo']) + $Undo | Microsoft.PowerShell.Core\Where-Object -FilterScript { $null -ne $_ }) }
    Save-JournalRecord -Record $record
    Write-LogLine -Context $Saga.Context -Message $Message
    Write-ProgressLine -Context $Saga.Context -Percent $record['entry']['percent'] -Message $Message
    Assert-SagaTime -Saga $Saga
}

function Invoke-SagaStep {
    <#
    .SYNOPSIS
    Takes a step: says that it is about to be taken, acts, and after an error looks whether it was done all the same.
    .DESCRIPTION
    An error proves nothing: some cmdlets act first and then fail, and an answer may be lost on its way. -Done looks at the host and says
    whether the step is done; only then does the operation go on. Neither block writes to the output.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $Message,
        [AllowNull()] [System.Collections.IDictionary] $Undo = $null,
        [Parameter(Mandatory)] [scriptblock] $Act,
        [Parameter(Mandatory)] [scriptblock] $Done
    )
    Step-Saga -Saga $Saga -Message $Message -Undo $Undo
    Invoke-SagaAct -Saga $Saga -Message $Message -Act $Act -Done $Done
}

function Invoke-SagaAct {
    <#
    .SYNOPSIS
    Acts within a step that was said, and after an error looks whether it was done all the same.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $Message,
        [Parameter(Mandatory)] [scriptblock] $Act,
        [Parameter(Mandatory)] [scriptblock] $Done
    )
    try { [void] (& $Act) }
    catch {
        $failure = $_
        if (-not (Test-StepDone -Done $Done)) { throw $failure }
        Write-StepDone -Saga $Saga -Message $Message -Failure $failure
    }
}

function Test-StepDone {
    <#
    .SYNOPSIS
    Whether a step that failed is done all the same. One that cannot be looked at is not known to be done.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [scriptblock] $Done)
    try { return [bool](& $Done) }
    catch { return $false }
}

function Get-SagaPercent {
    <#
    .SYNOPSIS
    How far a saga is: at most 99 before its end.
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [double] $PartOfStep
    )
    $percent = [System.Math]::Round(100 * ($Saga.Taken + $PartOfStep) / $Saga.Planned)
    # Who goes on where an earlier session died has taken no step yet.
    return [long][System.Math]::Max(0, [System.Math]::Min(99, $percent))
}

function Assert-SagaTime {
    <#
    .SYNOPSIS
    Nothing is begun once the operation's time is over: what was done so far is undone, and the error says so.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    if ($Saga.Committed -or (Get-TimeLeft -Context $Saga.Context) -gt 0) { return }
    throw (New-OperationFailure -Code 'host-timeout' -Message 'The operation timed out before its last step; the steps done so far are rolled back.' -Remedy 'Retry with a longer timeout.')
}

function Wait-SagaJob {
    <#
    .SYNOPSIS
    Follows a job of the host to its end, and fails as it does. A cancellation goes to the job. A job that must be seen to end
    and is gone has failed: nothing says that it was done.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $Message,
        [Parameter(Mandatory)] [AllowNull()] [object] $JobId,
        [switch] $MustBeSeen
    )
    if ($null -eq $JobId) { return }
    # Whoever takes over from a session that died has to wait for what it began.
    $Saga.Record['facts']['job'] = $JobId
    Save-JournalRecord -Record $Saga.Record
    while ($true) {
        $job = Get-VmJob -JobId $JobId
        # Without an answer nothing is known about the job.
        if ($null -eq $job -and $null -ne (Get-HyperVOutage)) {
            Assert-SagaWaitTime -Saga $Saga -Message "$Message The operation timed out while Hyper-V did not respond; this step may still be in progress."
            Wait-SagaTurn -Saga $Saga -Message 'Waiting for Hyper-V to respond.'
            continue
        }
        if ($null -eq $job -and $MustBeSeen) { throw (New-OperationFailure -Code 'agent-error' -Message "$Message Hyper-V no longer lists the job of this step, so the step counts as failed.") }
        if ($null -eq $job) { return }
        $state = [int]$job.JobState
        if ($state -eq 7 -or $state -eq 32768) { return }
        if ($state -eq 8 -or $state -eq 9) {
            if ((Get-TimeLeft -Context $Saga.Context) -le 0) { throw (New-OperationFailure -Code 'host-timeout' -Message "$Message The operation timed out and its job was stopped." -Remedy 'Retry with a longer timeout.') }
            throw (New-OperationFailure -Code 'cancelled' -Message "$Message The job was cancelled.")
        }
        if ($state -eq 10) {
            throw (New-OperationFailure -Code 'agent-error' -Message "$Message The job failed (code $([long]$job.ErrorCode)). $(Limit-Text -Text ([string]$job.ErrorDescription) -Length 3000)".Trim())
        }
        $percent = Get-SagaPercent -Saga $Saga -PartOfStep ([double]$job.PercentComplete / 100)
        Write-ProgressLine -Context $Saga.Context -Percent $percent -Message $Message
        Write-DueHeartbeat -Context $Saga.Context
        if ((Get-TimeLeft -Context $Saga.Context) -le 0) { Stop-LateJob -Saga $Saga -JobId $JobId -Message $Message }
        elseif (-not $Saga.Committed -and (Test-CancelMarker -Id $Saga.Record['entry']['operationId'])) { [void] (Stop-VmJob -JobId $JobId) }
        Wait-HostTime -Milliseconds $script:PollMilliseconds
    }
}

function Wait-StorageJob {
    <#
    .SYNOPSIS
    Waits while the image service of this host writes disks, whoever asked for it: its jobs do not say which files they are about.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $Message
    )
    while ($true) {
        $jobs = @(Get-MergeJob)
        if ($jobs.Length -eq 0) { return }
        Assert-SagaWaitTime -Saga $Saga -Message "$Message The operation timed out; the host is still writing virtual disks."
        $percent = Get-SagaPercent -Saga $Saga -PartOfStep ([double]$jobs[0].PercentComplete / 100)
        Wait-SagaTurn -Saga $Saga -Message $Message -Percent $percent -Milliseconds $script:PollMilliseconds
    }
}

function Stop-LateJob {
    <#
    .SYNOPSIS
    The time is over and a job still runs: it is told to end, and given a minute for it. What cannot be undone any more is left to it.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $JobId,
        [Parameter(Mandatory)] [string] $Message
    )
    if ($Saga.Committed -or (Get-TimeLeft -Context $Saga.Context) -lt -$script:GraceMilliseconds) {
        $Saga.Open = $true
        throw (New-OperationFailure -Code 'host-timeout' -Message "$Message The operation timed out; the host is still working on this step.")
    }
    [void] (Stop-VmJob -JobId $JobId)
}

function Wait-EarlierJob {
    <#
    .SYNOPSIS
    Waits for the job that an earlier session of this operation began, however it ends. One whose file is taken away anyway is
    cancelled.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $facts = $Saga.Record['facts']
    if ($null -eq $facts['job']) { return }
    foreach ($one in @($facts['undo'])) { if ($null -ne $one -and $one['kind'] -ceq 'file') { [void] (Stop-VmJob -JobId $facts['job']); break } }
    while ($true) {
        $job = Get-VmJob -JobId $facts['job']
        # 7 completed, 8 terminated, 9 killed, 10 exception, 32768 completed with warnings.
        if ($null -eq $job -or @(7, 8, 9, 10, 32768) -contains [int]$job.JobState) { break }
        Assert-SagaWaitTime -Saga $Saga -Message 'The operation timed out; the job that an earlier session started is still in progress.'
        Wait-SagaTurn -Saga $Saga -Message 'Waiting for the job that an earlier session started.' -Milliseconds $script:PollMilliseconds
    }
    $facts['job'] = $null
}

function Set-LastStep {
    <#
    .SYNOPSIS
    Notes that the next step is the last that changes something, and what the result is made of: who finds it taken later must not undo
    what is in use since.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Last
    )
    $Saga.Record['facts']['last'] = $Last
}

function Test-SagaFinished {
    <#
    .SYNOPSIS
    Whether the last step that an earlier session noted was taken: the VM runs, or has the disk.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $last = $Saga.Record['facts']['last']
    if ($null -eq $last) { return $false }
    $condition = Get-VmCondition -VmId $last['vmId']
    if ($null -eq $condition) { return $false }
    if ($null -eq $last['path']) { return $condition.State -ceq 'Running' }
    return Test-DiskAttached -VmId $last['vmId'] -Path $last['path']
}

function Complete-SagaPlan {
    <#
    .SYNOPSIS
    From here on nothing is undone, and no cancellation is heard: what follows must be finished.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $Saga.Committed = $true
    $Saga.Record['facts']['undo'] = @()
    Save-JournalStep -Record $Saga.Record -Step 'committed'
}
