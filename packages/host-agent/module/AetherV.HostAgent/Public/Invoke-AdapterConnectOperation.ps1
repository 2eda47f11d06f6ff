function Invoke-AdapterConnectOperation {
    <#
    .SYNOPSIS
    adapter.connect: plugs an adapter into a network, or out of all.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'Connect-SagaVmAdapter'
}
