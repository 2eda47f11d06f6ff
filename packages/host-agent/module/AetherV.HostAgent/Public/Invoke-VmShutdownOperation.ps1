function Invoke-VmShutdownOperation {
    <#
    .SYNOPSIS
    vm.shutdown: asks the guest to shut down; with force also over unsaved work.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-PowerOperation -Context $Context
}
