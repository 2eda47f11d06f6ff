# Steps that Hyper-V runs as a job. A failed call, an error code or a failed job does not prove that the step was not
# done, so the host is checked after each of them.

# Return values with a known outcome: 0 done, 4096 job started, 32773 invalid parameter, 32775 invalid state.
$script:CertainAnswers = @(0, 4096, 32773, 32775)

function Invoke-SagaJobStep {
    <#
    .SYNOPSIS
    Runs a step that is a Hyper-V method: records the step, calls the method, follows its job, and checks the host after
    an error.
    .DESCRIPTION
    -Begin calls the method and returns its answer. -Follow evaluates $answer and waits for the job. If the answer was
    lost, a job may run whose id is not known: -Wait waits until Hyper-V has finished, then the step gets the settle
    time to show. -Done returns true if the step is done on the host. Only -Follow and -Wait write lines.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $Message,
        [AllowNull()] [System.Collections.IDictionary] $Undo = $null,
        [Parameter(Mandatory)] [scriptblock] $Begin,
        [scriptblock] $Follow = { Wait-SagaAnswer -Saga $Saga -Message $Message -Answer $answer },
        [Parameter(Mandatory)] [scriptblock] $Wait,
        [Parameter(Mandatory)] [scriptblock] $Done
    )
    Step-Saga -Saga $Saga -Message $Message -Undo $Undo
    $answer = $null
    $failure = $null
    $isAnswered = $false
    try {
        $answer = & $Begin
        $isAnswered = $true
        & $Follow
        return
    }
    catch { $failure = $_ }
    if ($Saga.Open) { throw $failure }
    $isCertain = if ($isAnswered) { $null -eq $answer -or $script:CertainAnswers -contains $answer.ReturnValue } else { (ConvertTo-ErrorInfo -ErrorRecord $failure)['code'] -ceq 'access-denied' }
    $until = Get-MonotonicMilliseconds
    if (-not $isCertain) {
        & $Wait
        $until = (Get-MonotonicMilliseconds) + $script:SettleMilliseconds
    }
    while (-not (Test-StepDone -Done $Done)) {
        if ((Get-MonotonicMilliseconds) -ge $until) { throw $failure }
        Wait-SagaTurn -Saga $Saga -Message $Message
    }
    Write-StepDone -Saga $Saga -Message $Message -Failure $failure
}

function Write-StepDone {
    <#
    .SYNOPSIS
    Logs that a step is done although the host reported an error.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $Message,
        [Parameter(Mandatory)] [System.Management.Automation.ErrorRecord] $Failure
    )
    Write-LogLine -Context $Saga.Context -Level 'warning' -Message "$Message The step succeeded, although the host reported an error: $((ConvertTo-ErrorInfo -ErrorRecord $Failure)['message'])"
}

function Wait-SagaAnswer {
    <#
    .SYNOPSIS
    Evaluates the answer of a method: throws if it was rejected, and waits for its job if it started one.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $Message,
        [Parameter(Mandatory)] [AllowNull()] [object] $Answer
    )
    if ($null -eq $Answer) { throw (New-OperationFailure -Code 'agent-error' -Message "$Message The image management service of Hyper-V is not available." -Remedy 'Check that the service vmms runs on the host, then retry.') }
    # 32775: the state of the VM or file does not allow it (return values of the methods).
    if ($Answer.ReturnValue -eq 32775) { throw (New-OperationFailure -Code 'wrong-state' -Message "$Message The current state of the VM or file does not allow it.") }
    if ($Answer.ReturnValue -ne 0 -and ($Answer.ReturnValue -ne 4096 -or $null -eq $Answer.Job)) {
        throw (New-OperationFailure -Code 'agent-error' -Message "$Message Hyper-V rejected the request (code $($Answer.ReturnValue)).")
    }
    Wait-SagaJob -Saga $Saga -Message $Message -JobId $Answer.Job -MustBeSeen
}

function Wait-SagaTurn {
    <#
    .SYNOPSIS
    Reports progress and waits before the next look at the host.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $Message,
        [AllowNull()] [object] $Percent = $Saga.Record['entry']['percent'],
        [long] $Milliseconds = $script:SettlePollMilliseconds
    )
    Write-ProgressLine -Context $Saga.Context -Percent $Percent -Message $Message
    Write-DueHeartbeat -Context $Saga.Context
    Wait-HostTime -Milliseconds $Milliseconds
}

function Assert-SagaWaitTime {
    <#
    .SYNOPSIS
    Throws host-timeout once the operation's time is over. Leaves the record open, because the host still works on the step.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $Message
    )
    if ((Get-TimeLeft -Context $Saga.Context) -gt 0) { return }
    $Saga.Open = $true
    throw (New-OperationFailure -Code 'host-timeout' -Message $Message)
}
