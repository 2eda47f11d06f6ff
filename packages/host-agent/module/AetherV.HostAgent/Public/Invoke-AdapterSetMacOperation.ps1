function Invoke-AdapterSetMacOperation {
    <#
    .SYNOPSIS
    adapter.setMac: a fixed MAC address, or one of the hosts pool.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'Set-SagaVmAddress'
}
