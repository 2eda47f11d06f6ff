function Get-JournalEntry {
    <#
    .SYNOPSIS
    What the contract tells of a record; one without a session is looked into first.
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
        # It may have ended a moment ago.
        $held = Read-JournalRecord -Id $id
        $entry = $held['entry']
        if ($entry['state'] -ceq 'running') { Update-OrphanedRecord -Record $held }
        # Neither over nor under way: nobody works on it, and only sending it again would go on with it.
        if ($entry['state'] -ceq 'running' -and $held['step'] -cne 'asked') { $entry['state'] = 'unknown' }
        return $entry
    }
    finally { Exit-Operation -Context $Context }
}
