# Parameters as the 5.1 pages of Get-CimInstance and Invoke-CimMethod list them (learn.microsoft.com/powershell/module/cimcmdlets).
Microsoft.PowerShell.Core\Set-StrictMode -Version Latest

function Get-CimInstance {
    [CmdletBinding()]
    param(
        [string] $ClassName, [string] $Namespace, [string] $Filter, [string[]] $Property, [string] $Query, [string] $QueryDialect,
        [object] $InputObject, [uri] $ResourceUri, [switch] $KeyOnly, [switch] $Shallow, [uint32] $OperationTimeoutSec,
        [object[]] $CimSession, [string[]] $ComputerName
    )
    Invoke-StubCall -Name 'Get-CimInstance' -Bound $PSBoundParameters
}

function Invoke-CimMethod {
    [CmdletBinding(SupportsShouldProcess)]
    param(
        [string] $ClassName, [string] $Namespace, [string] $Query, [string] $QueryDialect, [object] $InputObject, [object] $CimClass,
        [uri] $ResourceUri, [System.Collections.IDictionary] $Arguments, [string] $MethodName, [uint32] $OperationTimeoutSec,
        [object[]] $CimSession, [string[]] $ComputerName
    )
    Invoke-StubCall -Name 'Invoke-CimMethod' -Bound $PSBoundParameters
}

Microsoft.PowerShell.Core\Export-ModuleMember -Function 'Get-CimInstance', 'Invoke-CimMethod'
