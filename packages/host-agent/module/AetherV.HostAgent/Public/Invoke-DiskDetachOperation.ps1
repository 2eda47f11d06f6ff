function Invoke-DiskDetachOperation {
    <#
    .SYNOPSIS
    disk.detach: detaches a disk; its file stays.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'Dismount-SagaHardDisk'
}
