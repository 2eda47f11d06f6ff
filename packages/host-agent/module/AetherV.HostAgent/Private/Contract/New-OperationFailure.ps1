$script:FailureId = 'AetherV.OperationFailure'
# What the Hyper-V cmdlets say by the first part of their error ids.
$script:CmdletErrors = @{
    InvalidState = 'wrong-state'; ObjectNotFound = 'not-found'; ObjectInUse = 'in-use'; AccessDenied = 'access-denied'; OutOfMemory = 'agent-error'
}

function New-OperationFailure {
    <#
    .SYNOPSIS
    The error that ends an operation with this code of the contract; to be thrown.
    #>
    [CmdletBinding()]
    [OutputType([System.Management.Automation.ErrorRecord])]
    param(
        [Parameter(Mandatory)] [string] $Code,
        [Parameter(Mandatory)] [string] $Message,
        [AllowNull()] [object] $Remedy = $null
    )
    $exception = [System.InvalidOperationException]::new($Message)
    $info = [ordered]@{ code = $Code; message = $Message; remedy = $Remedy }
    return [System.Management.Automation.ErrorRecord]::new($exception, $script:FailureId, [System.Management.Automation.ErrorCategory]::InvalidOperation, $info)
}

function ConvertTo-ErrorInfo {
    <#
    .SYNOPSIS
    What an "error" line says of anything that was thrown.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param([Parameter(Mandatory)] [System.Management.Automation.ErrorRecord] $ErrorRecord)
    if ($ErrorRecord.FullyQualifiedErrorId -eq $script:FailureId -and $ErrorRecord.TargetObject -is [System.Collections.IDictionary]) {
        $info = $ErrorRecord.TargetObject
        return [ordered]@{ code = $info['code']; message = Limit-Text -Text $info['message'] -Length 4096; remedy = $info['remedy'] }
    }
    $exception = $ErrorRecord.Exception
    $code = if ($exception -is [System.UnauthorizedAccessException]) { 'access-denied' } else { 'internal' }
    $id = "$($ErrorRecord.FullyQualifiedErrorId)"
    # "InvalidState,Microsoft.HyperV.PowerShell.Commands.NewVM": the part before the comma is no text for people.
    if ($id -match '\A([A-Za-z]+),Microsoft\.HyperV\.PowerShell\.') {
        $code = if ($script:CmdletErrors.ContainsKey($Matches[1])) { $script:CmdletErrors[$Matches[1]] } else { 'agent-error' }
    }
    return [ordered]@{ code = $code; message = Limit-Text -Text ([string]$exception.Message) -Length 4096; remedy = $null }
}

function Limit-Text {
    <#
    .SYNOPSIS
    A text no longer than so many UTF-16 code units, never cut within a surrogate pair.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Text,
        [int] $Length = 1024
    )
    if ($Text.Length -le $Length) { return $Text }
    $end = $Length
    if ([char]::IsHighSurrogate($Text[$end - 1])) { $end-- }
    return $Text.Substring(0, $end)
}
