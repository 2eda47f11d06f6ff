function Invoke-VmSaveOperation {
    <#
    .SYNOPSIS
    vm.save: saves the state of a VM and stops it.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-PowerOperation -Context $Context
}
