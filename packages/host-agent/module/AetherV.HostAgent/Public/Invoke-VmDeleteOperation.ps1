function Invoke-VmDeleteOperation {
    <#
    .SYNOPSIS
    vm.delete: proves what it deletes, takes the role first, waits for merges, and says what is left.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'Remove-SagaVm'
}
