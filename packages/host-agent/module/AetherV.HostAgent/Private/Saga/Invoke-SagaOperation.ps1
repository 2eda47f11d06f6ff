function Invoke-SagaOperation {
    <#
    .SYNOPSIS
    Runs an operation of several steps at most once per id; replays its outcome if it has already ended.
    .DESCRIPTION
    The body streams lines and sets $Saga.Result. An operation whose session died is rolled back and started again, or
    completed if it had passed the point of no return.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [string] $Body
    )
    $opened = Open-JournalRecord -Context $Context -VmId $Context.Request['vmId']
    $record = $opened.Record
    $info = $null
    if (-not $opened.Fresh) { Resume-JournalRecord -Record $record }
    if ($record['entry']['state'] -ceq 'running') {
        $saga = New-Saga -Context $Context -Record $record
        $saga.Committed = $record['step'] -ceq 'committed'
        try {
            if (-not $opened.Fresh) {
                Wait-EarlierJob -Saga $saga
                if (-not $saga.Committed -and (Test-SagaFinished -Saga $saga)) { Complete-SagaPlan -Saga $saga }
                if (-not $saga.Committed) { Undo-Saga -Saga $saga }
            }
            & $Body -Saga $saga
            Complete-JournalRecord -Record $record -Result $saga.Result
        }
        catch {
            $info = ConvertTo-ErrorInfo -ErrorRecord $_
            if (-not $saga.Committed -and -not $saga.Open) {
                Undo-Saga -Saga $saga
                Add-UndoneRest -ErrorInfo $info -Rest @($record['facts']['undo'])
                Stop-JournalRecord -Record $record -ErrorInfo $info
            }
            # The operation can only be completed, or the host still works on it: the record stays open for the same id.
            else {
                Save-JournalRecord -Record $record
                $info = New-UnknownOutcome -Message $info['message'] -Remedy 'Send the operation again with the same id to complete it.'
            }
        }
    }
    Set-RecordedEnd -Context $Context -Record $record -Cause $info
}

function Invoke-SagaCheck {
    <#
    .SYNOPSIS
    Runs an operation of several steps up to its first one. Its record is not saved.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [string] $Body
    )
    $envelope = $Context.Envelope
    $record = New-JournalRecord -Id $envelope['id'] -Op $envelope['op'] -Actor $envelope['actor'] -VmId $Context.Request['vmId']
    & $Body -Saga (New-Saga -Context $Context -Record $record)
}
