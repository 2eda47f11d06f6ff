function Stop-RecordedOperation {
    <#
    .SYNOPSIS
    Marks a running operation as to be cancelled; where no session follows it, its job is ended here.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Record)
    if (Test-OwnerAlive -Owner $Record['owner']) {
        Set-CancelMarker -Id $Record['entry']['operationId']
        return
    }
    $job = $Record['facts']['job']
    if ($null -ne $job) { [void] (Stop-VmJob -JobId $job); return }
    Stop-JournalRecord -Record $Record -ErrorInfo ([ordered]@{
            code = 'cancelled'; message = "$($Record['entry']['op']) was cancelled; what was asked of the guest may happen all the same."; remedy = $null
        })
}
