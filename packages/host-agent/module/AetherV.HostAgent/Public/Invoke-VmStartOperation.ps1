function Invoke-VmStartOperation {
    <#
    .SYNOPSIS
    vm.start: turns a VM on, or restores it.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-PowerOperation -Context $Context
}
