function Invoke-DvdInsertOperation {
    <#
    .SYNOPSIS
    dvd.insert: puts a medium into a DVD drive, and adds one where there is none.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'Set-SagaMedium'
}
