Register-Operation -Op 'inventory' -Function 'Invoke-InventoryOperation'

function Invoke-InventoryOperation {
    <#
    .SYNOPSIS
    inventory: streams everything once, with one sample of usage at the end.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    $memory = New-InventoryMemory
    $memory.Tolerant = $true
    Write-HostItem -Context $Context -Memory $memory
    Read-VmFacts -Context $Context -Memory $memory
    Write-HostProblem -Context $Context -Memory $memory
    foreach ($vm in $memory.Facts.Values) { Write-VmItem -Context $Context -Facts $vm }
    Write-UsageItem -Context $Context -Memory $memory
    $Context.Result = [ordered]@{ vms = [long]$memory.Facts.Count }
}
