# Steps that Hyper-V carries out in a job. Neither an error of the call, nor a code that it returns, nor an error of the job proves that the
# step is not done: after each of them the host is looked at.

# What a method's ReturnValue says for certain: 0 done, 4096 a job was started, 32773 invalid parameter, 32775 not in this state.
$script:CertainAnswers = @(0, 4096, 32773, 32775)

function Invoke-SagaJobStep {
    <#
    .SYNOPSIS
    Takes a step that is a method of Hyper-V: says that it is about to be taken, calls it, follows its job, and after an error looks whether
    it was done all the same.
    .DESCRIPTION
    -Begin calls the method and returns its answer. -Follow judges the answer, in $answer, and waits for the job. A call whose answer was lost
    may have begun a job that nobody can name: -Wait waits until Hyper-V is no longer at work on it, and then the step has the usual time to
    show. -Done looks at the host. Only -Follow and -Wait write lines.
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
    Says in the log that a step is done, whatever the host said.
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
    What a method answered: refused, done, or a job to be followed to its end.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $Message,
        [Parameter(Mandatory)] [AllowNull()] [object] $Answer
    )
    if ($null -eq $Answer) { throw (New-OperationFailure -Code 'agent-error' -Message "$Message The image management service of Hyper-V is not available." -Remedy 'Check that the service vmms runs on the host, then retry.') }
    # 32775: the VM's or the file's state does not allow it (the methods' pages).
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
