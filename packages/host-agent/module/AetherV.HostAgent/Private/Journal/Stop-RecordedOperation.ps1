function Stop-RecordedOperation {
    <#
    .SYNOPSIS
    Marks a running operation as to be cancelled; where no session follows it, its job is ended here. False where neither can be.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record
    )
    $id = $Record['entry']['operationId']
    if (-not (Enter-Operation -Context $Context -Id $id)) {
        Set-CancelMarker -Id $id
        return $true
    }
    try {
        $held = Read-JournalRecord -Id $id
        # Its session died between steps: what is left is for the same id to undo or to finish.
        if ($held['entry']['state'] -cne 'running' -or $held['step'] -cne 'asked') { return $false }
        $job = $held['facts']['job']
        if ($null -eq $job) { return $false }
        [void] (Stop-VmJob -JobId $job)
        return $true
    }
    finally { Exit-Operation -Context $Context }
}
