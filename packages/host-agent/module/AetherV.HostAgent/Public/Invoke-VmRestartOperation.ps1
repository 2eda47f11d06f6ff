function Invoke-VmRestartOperation {
    <#
    .SYNOPSIS
    vm.restart: asks the guest to restart.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-PowerOperation -Context $Context
}
