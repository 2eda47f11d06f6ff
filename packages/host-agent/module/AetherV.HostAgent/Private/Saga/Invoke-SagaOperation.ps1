function Invoke-SagaOperation {
    <#
    .SYNOPSIS
    Carries out an operation of several steps: at most once by its id, replayed when it is over.
    .DESCRIPTION
    The body streams lines and leaves its result in $Saga.Result. An operation whose session died is undone and begun
    again, or finished where it had passed the point of no return.
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
            # Nothing can be undone any more, only finished, or the host is not to be overtaken: the record stays open for the same id.
            else {
                Save-JournalRecord -Record $record
                $info = New-UnknownOutcome -Message $info['message'] -Remedy 'Send the operation again with the same id to complete it.'
            }
        }
    }
    Set-RecordedEnd -Context $Context -Record $record -Cause $info
}
