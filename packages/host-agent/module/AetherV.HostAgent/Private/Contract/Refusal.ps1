# A check runs an operation up to its first side effect, and collects the refusals that would end the operation. The
# context of an operation that runs has no list of refusals: then the first one ends it.

$script:CheckEndId = 'AetherV.CheckEnd'
$script:MaxRefusals = 64
# Errors that say nothing about the operation: without access or without Hyper-V, nothing can be checked.
$script:UncheckableCodes = @('access-denied', 'hyperv-missing', 'hyperv-unavailable')

function Deny-Operation {
    <#
    .SYNOPSIS
    Refuses the operation. A check records the refusal and continues.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [AllowNull()] [hashtable] $Context,
        [Parameter(Mandatory)] [string] $Code,
        [Parameter(Mandatory)] [string] $Message,
        [AllowNull()] [object] $Remedy = $null
    )
    $failure = New-OperationFailure -Code $Code -Message $Message -Remedy $Remedy
    if ($null -eq $Context -or $null -eq $Context.Refusals) { throw $failure }
    Add-Refusal -Context $Context -ErrorRecord $failure
}

function Invoke-Check {
    <#
    .SYNOPSIS
    Runs one of several checks and returns its result. If it refuses the operation, a check continues with null.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [scriptblock] $Act
    )
    if ($null -eq $Context.Refusals) { return & $Act }
    try { return & $Act }
    catch { Add-Refusal -Context $Context -ErrorRecord $_ }
}

function Add-Refusal {
    <#
    .SYNOPSIS
    Records a refusal of a check. Throws every other error again.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Management.Automation.ErrorRecord] $ErrorRecord
    )
    if (-not (Test-OperationFailure -ErrorRecord $ErrorRecord)) { throw $ErrorRecord }
    $info = ConvertTo-ErrorInfo -ErrorRecord $ErrorRecord
    if ($script:UncheckableCodes -ccontains $info['code']) { throw $ErrorRecord }
    if ($Context.Refusals.Count -lt $script:MaxRefusals) { [void] $Context.Refusals.Add($info) }
}

function Stop-Check {
    <#
    .SYNOPSIS
    Ends a check. Does nothing if the operation runs.
    .PARAMETER IfRefused
    Ends only a check that has refusals, because the operation could not continue.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [switch] $IfRefused
    )
    if ($null -eq $Context.Refusals -or ($IfRefused -and $Context.Refusals.Count -eq 0)) { return }
    $exception = [System.InvalidOperationException]::new('The check has ended.')
    throw ([System.Management.Automation.ErrorRecord]::new($exception, $script:CheckEndId, [System.Management.Automation.ErrorCategory]::InvalidOperation, $null))
}
