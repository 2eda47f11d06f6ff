Register-Operation -Op 'operation.cancel' -Function 'Invoke-OperationCancelOperation'

function Invoke-OperationCancelOperation {
    <#
    .SYNOPSIS
    operation.cancel: marks an operation for cancellation, and bars one that this host does not know. "Accepted" guarantees
    nothing: the work may be past its last step. An operation that cannot be cancelled once it runs is left alone.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Context)
    $id = $Context.Request['operationId']
    $record = Read-JournalRecord -Id $id
    if ($null -eq $record) {
        $begun = Test-OperationActive -Id $id
        if ($begun) { Set-CancelMarker -Id $id }
        if ($begun -or (New-BarredRecord -Id $id -Actor $Context.Envelope['actor'])) {
            $Context.Result = [ordered]@{ accepted = $true; begun = $begun }
            return
        }
        $record = Read-JournalRecord -Id $id
    }
    $rule = (Get-ContractTable -Name 'operations')[[string]$record['entry']['op']]
    $accepted = $null -ne $rule -and $rule['cancelsRunning'] -and (Get-JournalEntry -Context $Context -Record $record)['state'] -ceq 'running'
    if ($accepted) { $accepted = Stop-RecordedOperation -Context $Context -Record $record }
    $Context.Result = [ordered]@{ accepted = $accepted; begun = -not (Test-BarredRecord -Record $record) }
}
