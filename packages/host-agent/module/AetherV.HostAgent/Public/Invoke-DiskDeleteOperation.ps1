function Invoke-DiskDeleteOperation {
    <#
    .SYNOPSIS
    disk.delete: detaches a disk and deletes its files.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'Remove-SagaHardDisk'
}
