function Invoke-VmCreateOperation {
    <#
    .SYNOPSIS
    vm.create: all of it, or nothing.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'New-SagaVm'
}
