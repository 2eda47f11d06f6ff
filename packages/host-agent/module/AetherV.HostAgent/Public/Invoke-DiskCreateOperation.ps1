function Invoke-DiskCreateOperation {
    <#
    .SYNOPSIS
    disk.create: makes a disk, or copies an image, and attaches it.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'New-SagaHardDisk'
}
