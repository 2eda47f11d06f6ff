function Invoke-VmResetOperation {
    <#
    .SYNOPSIS
    vm.reset: restarts a VM without asking its guest.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-PowerOperation -Context $Context
}
