function Invoke-VmResumeOperation {
    <#
    .SYNOPSIS
    vm.resume: lets a paused VM run on.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-PowerOperation -Context $Context
}
