function Invoke-ClusterMoveVmOperation {
    <#
    .SYNOPSIS
    cluster.moveVm: moves a clustered VM to another node, live where it runs.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'Move-SagaRole'
}
