function Get-JournalEntry {
    <#
    .SYNOPSIS
    Returns the journal entry of a record for the client. Updates the record first if no session works on it.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record
    )
    $id = $Record['entry']['operationId']
    if ($Record['entry']['state'] -cne 'running' -or -not (Enter-Operation -Context $Context -Id $id)) { return $Record['entry'] }
    try {
        # The operation may have ended just now.
        $held = Read-JournalRecord -Id $id
        $entry = $held['entry']
        if ($entry['state'] -ceq 'running') { Update-OrphanedRecord -Record $held }
        # The record is still running but no session works on it: only a request with the same id continues it.
        if ($entry['state'] -ceq 'running' -and $held['step'] -cne 'asked') { $entry['state'] = 'unknown' }
        return $entry
    }
    finally { Exit-Operation -Context $Context }
}
