function Get-JournalEntry {
    <#
    .SYNOPSIS
    What the contract tells of a record; one without a session is looked into first.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Record)
    $entry = $Record['entry']
    if ($entry['state'] -cne 'running' -or (Test-OwnerAlive -Owner $Record['owner'])) { return $entry }
    Update-OrphanedRecord -Record $Record
    # Neither over nor under way: nobody works on it, and only sending it again would go on with it.
    if ($entry['state'] -ceq 'running' -and $Record['step'] -cne 'asked') { $entry['state'] = 'unknown' }
    return $entry
}
