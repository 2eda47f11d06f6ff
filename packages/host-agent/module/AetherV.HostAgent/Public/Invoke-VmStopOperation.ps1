function Invoke-VmStopOperation {
    <#
    .SYNOPSIS
    vm.stop: turns a VM off without asking its guest.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-PowerOperation -Context $Context
}
