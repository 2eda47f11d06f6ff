Register-Operation -Op 'operation.status' -Function 'Invoke-OperationStatusOperation'

function Invoke-OperationStatusOperation {
    <#
    .SYNOPSIS
    operation.status: returns the journal's entry of one operation; null if it has none.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Context)
    $record = Read-JournalRecord -Id $Context.Request['operationId']
    $Context.Result = if ($null -eq $record) { $null } else { Get-JournalEntry -Context $Context -Record $record }
}
