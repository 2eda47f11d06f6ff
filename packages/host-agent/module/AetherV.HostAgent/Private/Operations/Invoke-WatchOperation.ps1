Register-Operation -Op 'watch' -Function 'Invoke-WatchOperation'

function Invoke-WatchOperation {
    <#
    .SYNOPSIS
    watch: streams everything once, then changes, until it times out or is cancelled.
    .DESCRIPTION
    Ends with its pipeline when the client goes: nothing is left behind but a marker that is taken away.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Enter-Watch -Context $Context
    try { Watch-HostInventory -Context $Context }
    finally { Clear-CancelMarker -Id $Context.Id }
}
