function Invoke-DvdEjectOperation {
    <#
    .SYNOPSIS
    dvd.eject: takes the medium out.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Invoke-SagaOperation -Context $Context -Body 'Clear-SagaMedium'
}
