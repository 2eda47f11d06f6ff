function Invoke-CheckpointApplyOperation {
    <#
    .SYNOPSIS
    checkpoint.apply: brings a VM back to a checkpoint.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'Restore-SagaCheckpoint'
}
