# An operation of several steps (saga). Each step is recorded in the journal, with its undo entry, before it runs. If a
# step fails, the operation is cancelled, or its session dies, the recorded steps are rolled back.

# Time that a job has to end after its cancellation.
$script:GraceMilliseconds = 60000

function New-Saga {
    <#
    .SYNOPSIS
    Creates the state of an operation of several steps. Committed: the operation can only be completed. Open: the host
    still works on it, and the record stays open for a request with the same id.
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
    Records a step and its undo entry before it runs. Throws cancelled if a cancellation was requested. A check ends here.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $Message,
        [AllowNull()] [System.Collections.IDictionary] $Undo = $null
    )
    Stop-Check -Context $Saga.Context
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
    Runs a step: records it, acts, and checks the host after an error.
    .DESCRIPTION
    An error does not prove that the step failed: some cmdlets act first and fail then, and an answer may be lost. -Done
    returns true if the step is done on the host; the operation continues only then. Neither block writes to the output.
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
    Runs an action of a recorded step, and checks the host after an error.
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
    Returns true if a failed step is done on the host. A failed check counts as not done.
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
    Returns the progress of an operation in percent: at most 99 before its end.
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [double] $PartOfStep
    )
    $percent = [System.Math]::Round(100 * ($Saga.Taken + $PartOfStep) / $Saga.Planned)
    # A resumed operation has not taken a step yet.
    return [long][System.Math]::Max(0, [System.Math]::Min(99, $percent))
}

function Assert-SagaTime {
    <#
    .SYNOPSIS
    Throws host-timeout if the operation's time is over and it is not committed. The steps done so far are then rolled
    back.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    if ($Saga.Committed -or (Get-TimeLeft -Context $Saga.Context) -gt 0) { return }
    throw (New-OperationFailure -Code 'host-timeout' -Message 'The operation timed out before its last step; the steps done so far are rolled back.' -Remedy 'Retry with a longer timeout.')
}

function Wait-SagaJob {
    <#
    .SYNOPSIS
    Follows a job of the host to its end and throws if it failed. Forwards a cancellation to the job.
    .DESCRIPTION
    With -MustBeSeen a job that Hyper-V no longer lists counts as failed.
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
    # A session that takes over waits for this job.
    $Saga.Record['facts']['job'] = $JobId
    Save-JournalRecord -Record $Saga.Record
    while ($true) {
        $job = Get-VmJob -JobId $JobId
        # The state of the job is not known while Hyper-V does not respond.
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
    Waits until the image management service has no running job. Its jobs do not tell which files they write, so the
    jobs of other operations count too.
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
    Cancels a job that runs when the operation times out. After a minute of grace, or if the operation is committed,
    leaves the job to the host and throws host-timeout.
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
    Waits for the job that an earlier session started, whatever its outcome. Cancels it if its file is rolled back
    anyway.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $facts = $Saga.Record['facts']
    if ($null -eq $facts['job']) { return }
    foreach ($one in @($facts['undo'])) { if ($null -ne $one -and $one['kind'] -ceq 'file') { [void] (Stop-VmJob -JobId $facts['job']); break } }
    while ($true) {
        $job = Get-VmJob -JobId $facts['job']
        # JobState: 7 completed, 8 terminated, 9 killed, 10 exception, 32768 completed with warnings.
        if ($null -eq $job -or @(7, 8, 9, 10, 32768) -contains [int]$job.JobState) { break }
        Assert-SagaWaitTime -Saga $Saga -Message 'The operation timed out; the job that an earlier session started is still in progress.'
        Wait-SagaTurn -Saga $Saga -Message 'Waiting for the job that an earlier session started.' -Milliseconds $script:PollMilliseconds
    }
    $facts['job'] = $null
}

function Set-LastStep {
    <#
    .SYNOPSIS
    Records that the next step is the last change, and what the result needs. Once it is taken, the operation must not
    be rolled back, because the VM or disk may be in use.
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
    Returns true if the last step that an earlier session recorded was taken: the VM runs, or has the disk.
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
    Commits the operation: from here on it is only completed, neither rolled back nor cancelled.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $Saga.Committed = $true
    $Saga.Record['facts']['undo'] = @()
    Save-JournalStep -Record $Saga.Record -Step 'committed'
}
