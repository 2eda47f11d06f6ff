function Invoke-DiskGrowOperation {
    <#
    .SYNOPSIS
    disk.grow: makes a disk larger.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'Resize-SagaHardDisk'
}
