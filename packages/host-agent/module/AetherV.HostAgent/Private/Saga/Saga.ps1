# An operation of several steps. Each is in the journal before it is taken, with what it may leave behind; when one fails, when
# somebody asks it to end, or when its session died, what may be left is looked for and undone.

function New-Saga {
    <#
    .SYNOPSIS
    The state of an operation of several steps.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record
    )
    return @{ Context = $Context; Record = $Record; Planned = 1; Taken = -1; Committed = $false; VmId = $null; DiskId = $null; AdapterId = $null; Deleted = $null; Remaining = $null }
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
        throw (New-OperationFailure -Code 'cancelled' -Message "It was cancelled before: $Message")
    }
    $Saga.Taken++
    $record['entry']['percent'] = Get-SagaPercent -Saga $Saga -PartOfStep 0
    $record['entry']['message'] = Limit-Text -Text $Message
    if ($null -ne $Undo) { $record['facts']['undo'] = @(@($record['facts']['undo']) + $Undo | Where-Object -FilterScript { $null -ne $_ }) }
    Save-JournalRecord -Record $record
    Write-LogLine -Context $Saga.Context -Message $Message
    Write-ProgressLine -Context $Saga.Context -Percent $record['entry']['percent'] -Message $Message
    Assert-SagaTime -Saga $Saga
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
    return [long][System.Math]::Min(99, [System.Math]::Round(100 * ($Saga.Taken + $PartOfStep) / $Saga.Planned))
}

function Assert-SagaTime {
    <#
    .SYNOPSIS
    Nothing is begun once the operation's time is over: what was done so far is undone, and the error says so.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    if ($Saga.Committed -or (Get-TimeLeft -Context $Saga.Context) -gt 0) { return }
    throw (New-OperationFailure -Code 'host-timeout' -Message 'The time was over before all steps were taken.' -Remedy 'Give it more time.')
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
    while ($true) {
        $job = Get-VmJob -JobId $JobId
        if ($null -eq $job -and $MustBeSeen) { throw (New-OperationFailure -Code 'agent-error' -Message "$Message Hyper-V does not know that job any more.") }
        if ($null -eq $job) { return }
        $state = [int]$job.JobState
        if ($state -eq 7 -or $state -eq 32768) { return }
        if ($state -eq 8 -or $state -eq 9) { throw (New-OperationFailure -Code 'cancelled' -Message "$Message was cancelled.") }
        if ($state -eq 10) {
            throw (New-OperationFailure -Code 'agent-error' -Message "$Message Failed (code $([long]$job.ErrorCode)). $(Limit-Text -Text ([string]$job.ErrorDescription) -Length 3000)".Trim())
        }
        $percent = Get-SagaPercent -Saga $Saga -PartOfStep ([double]$job.PercentComplete / 100)
        Write-ProgressLine -Context $Saga.Context -Percent $percent -Message $Message
        Write-DueHeartbeat -Context $Saga.Context
        if (-not $Saga.Committed -and (Test-CancelMarker -Id $Saga.Record['entry']['operationId'])) { [void] (Stop-VmJob -JobId $JobId) }
        Wait-HostTime -Milliseconds $script:PollMilliseconds
    }
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
