function Invoke-CheckpointRenameOperation {
    <#
    .SYNOPSIS
    checkpoint.rename: gives a checkpoint another name.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'Rename-SagaCheckpoint'
}
