function Invoke-AdapterRemoveOperation {
    <#
    .SYNOPSIS
    adapter.remove: removes an adapter.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'Remove-SagaVmAdapter'
}
