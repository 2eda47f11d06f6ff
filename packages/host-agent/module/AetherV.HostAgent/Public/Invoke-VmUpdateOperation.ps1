function Invoke-VmUpdateOperation {
    <#
    .SYNOPSIS
    vm.update: sets what differs; all of it, or nothing.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'Update-SagaVm'
}
