function Invoke-DiskAttachOperation {
    <#
    .SYNOPSIS
    disk.attach: attaches a file that lies in the storage.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'Mount-SagaHardDisk'
}
