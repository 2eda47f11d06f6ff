function Invoke-CheckpointDeleteOperation {
    <#
    .SYNOPSIS
    checkpoint.delete: deletes a checkpoint, or it and all that descend from it.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'Remove-SagaCheckpoint'
}
