function Read-OneVm {
    <#
    .SYNOPSIS
    Returns the facts of one VM; throws not-found.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param([Parameter(Mandatory)] [string] $VmId)
    $memory = New-InventoryMemory
    $read = Read-HostFacts
    $memory.Switches = $read.Switches
    $memory.Clustered = $read.Clustered
    $id = $VmId.ToUpperInvariant()
    Read-VmFacts -Memory $memory -VmId $id
    $facts = $memory.Facts
    if (-not $facts.Contains($id)) { throw (New-OperationFailure -Code 'not-found' -Message "This host has no VM $VmId.") }
    return $facts[$id]
}
