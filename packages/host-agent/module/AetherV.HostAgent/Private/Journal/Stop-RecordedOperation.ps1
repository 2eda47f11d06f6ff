function Stop-RecordedOperation {
    <#
    .SYNOPSIS
    Marks a running operation as to be cancelled; where no session follows it, its job is ended here. False where neither can be.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Record)
    if (Test-OwnerAlive -Owner $Record['owner']) {
        Set-CancelMarker -Id $Record['entry']['operationId']
        return $true
    }
    # Its session died this moment, between steps: what is left is for the same id to undo or to finish.
    if ($Record['step'] -cne 'asked') { return $false }
    $job = $Record['facts']['job']
    if ($null -ne $job) { [void] (Stop-VmJob -JobId $job); return $true }
    Stop-JournalRecord -Record $Record -ErrorInfo ([ordered]@{
            code = 'cancelled'; message = "$($Record['entry']['op']) was cancelled; what was asked of the guest may happen all the same."; remedy = $null
        })
    return $true
}
