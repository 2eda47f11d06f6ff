function Invoke-ClusterRemoveVmOperation {
    <#
    .SYNOPSIS
    cluster.removeVm: removes the role of a VM.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'Remove-SagaVmRole'
}
