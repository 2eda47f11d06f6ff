function Stop-RecordedOperation {
    <#
    .SYNOPSIS
    Requests the cancellation of a running operation; cancels its job directly if no session follows it. Returns false
    if neither is possible.
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
        # Its session died between two steps: only a request with the same id can roll it back or complete it.
        if ($held['entry']['state'] -cne 'running' -or $held['step'] -cne 'asked') { return $false }
        $job = $held['facts']['job']
        if ($null -eq $job) { return $false }
        [void] (Stop-VmJob -JobId $job)
        return $true
    }
    finally { Exit-Operation -Context $Context }
}
