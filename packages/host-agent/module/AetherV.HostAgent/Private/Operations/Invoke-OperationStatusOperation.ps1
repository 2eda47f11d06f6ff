Register-Operation -Op 'operation.status' -Function 'Invoke-OperationStatusOperation'

function Invoke-OperationStatusOperation {
    <#
    .SYNOPSIS
    operation.status: what the journal knows of one operation; null when it knows nothing.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Context)
    $record = Read-JournalRecord -Id $Context.Request['operationId']
    $Context.Result = if ($null -eq $record) { $null } else { Get-JournalEntry -Context $Context -Record $record }
}
