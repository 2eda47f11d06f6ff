function Invoke-AdapterAddOperation {
    <#
    .SYNOPSIS
    adapter.add: adds an adapter, on a network or on none.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'Add-SagaVmAdapter'
}
