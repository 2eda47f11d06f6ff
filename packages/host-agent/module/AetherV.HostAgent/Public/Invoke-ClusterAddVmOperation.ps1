function Invoke-ClusterAddVmOperation {
    <#
    .SYNOPSIS
    cluster.addVm: makes a VM a role of the cluster.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'Add-SagaRole'
}
