function Invoke-VmPauseOperation {
    <#
    .SYNOPSIS
    vm.pause: pauses a VM.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-PowerOperation -Context $Context
}
