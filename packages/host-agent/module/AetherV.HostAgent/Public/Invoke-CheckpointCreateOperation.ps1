function Invoke-CheckpointCreateOperation {
    <#
    .SYNOPSIS
    checkpoint.create: takes a checkpoint of the kind that the VM is set to.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'New-SagaCheckpoint'
}
