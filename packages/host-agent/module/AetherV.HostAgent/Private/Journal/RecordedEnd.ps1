function Resume-JournalRecord {
    <#
    .SYNOPSIS
    Updates a known record before its operation is continued. Throws already-running if the host still works on it.
    .DESCRIPTION
    Afterwards the record has ended, or its work continues from the step in the record.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Record)
    if ($Record['entry']['state'] -cne 'running') { return }
    Update-OrphanedRecord -Record $Record
    if ($Record['entry']['state'] -ceq 'running' -and $Record['step'] -ceq 'asked') { throw (New-AlreadyRunning -Record $Record) }
}

function New-AlreadyRunning {
    <#
    .SYNOPSIS
    Creates the already-running error of an operation that a session or the host works on.
    #>
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Record)
    $percent = $Record['entry']['percent']
    $far = if ($null -eq $percent) { '' } else { ", $percent percent done" }
    return New-OperationFailure -Code 'already-running' -Message "The operation $($Record['entry']['operationId']) is already in progress on this host$far." -Remedy 'Wait until it has ended, then refresh.'
}

function Update-OrphanedRecord {
    <#
    .SYNOPSIS
    Determines the outcome of an operation whose session is gone, without changing anything on the host.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Record)
    if ($script:OrphanRules.ContainsKey($Record['entry']['op'])) {
        & $script:OrphanRules[$Record['entry']['op']] -Record $Record
    }
}

function Set-RecordedEnd {
    <#
    .SYNOPSIS
    Ends the current call with the result or the error of its record.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record,
        [Parameter(Mandatory)] [AllowNull()] [object] $Cause
    )
    $entry = $Record['entry']
    $info = if ($null -ne $Cause) { $Cause } else { $entry['error'] }
    if ($null -ne $info) { throw (New-OperationFailure -Code $info['code'] -Message $info['message'] -Remedy $info['remedy']) }
    if ($entry['state'] -ceq 'succeeded') { $Context.Result = $entry['result']; return }
    throw (New-OperationFailure -Code 'outcome-unknown' -Message "The outcome of the operation $($entry['operationId']) is not known on this host.")
}
