$script:FailureId = 'AetherV.OperationFailure'
# Error codes of the contract by the first part of a Hyper-V cmdlet's error id.
$script:CmdletErrors = @{
    InvalidState = 'wrong-state'; ObjectNotFound = 'not-found'; ObjectInUse = 'in-use'; AccessDenied = 'access-denied'; OutOfMemory = 'agent-error'
}

function New-OperationFailure {
    <#
    .SYNOPSIS
    Creates the error record that ends an operation with a code of the contract. The caller throws it.
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

function Test-OperationFailure {
    <#
    .SYNOPSIS
    Returns true if New-OperationFailure created the error record.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [System.Management.Automation.ErrorRecord] $ErrorRecord)
    return $ErrorRecord.FullyQualifiedErrorId -eq $script:FailureId -and $ErrorRecord.TargetObject -is [System.Collections.IDictionary]
}

function New-UnknownOutcome {
    <#
    .SYNOPSIS
    Creates the error info of an operation whose outcome is not known.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Message,
        [Parameter(Mandatory)] [string] $Remedy
    )
    return [ordered]@{ code = 'outcome-unknown'; message = Limit-Text -Text "The host may still be working on the operation. $Message" -Length 4096; remedy = $Remedy }
}

function ConvertTo-ErrorInfo {
    <#
    .SYNOPSIS
    Converts any error record to the error info of an "error" line.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param([Parameter(Mandatory)] [System.Management.Automation.ErrorRecord] $ErrorRecord)
    if (Test-OperationFailure -ErrorRecord $ErrorRecord) {
        $info = $ErrorRecord.TargetObject
        return [ordered]@{ code = $info['code']; message = Limit-Text -Text $info['message'] -Length 4096; remedy = $info['remedy'] }
    }
    if (Test-HyperVMissing -ErrorRecord $ErrorRecord) {
        return [ordered]@{ code = 'hyperv-missing'; message = Limit-Text -Text "Hyper-V cannot be used on this host: $($ErrorRecord.Exception.Message)" -Length 4096; remedy = $script:HyperVRemedy }
    }
    $exception = $ErrorRecord.Exception
    # Exceptions of .NET methods arrive wrapped.
    while ($exception -is [System.Management.Automation.MethodInvocationException] -and $null -ne $exception.InnerException) { $exception = $exception.InnerException }
    # MI_RESULT_ACCESS_DENIED is 2. The error number of a Win32Exception is not an MI_RESULT.
    $cimDenied = -not ($exception -is [System.ComponentModel.Win32Exception]) -and (Get-CimErrorCode -ErrorRecord $ErrorRecord) -eq 2
    $code = if ($cimDenied -or $exception -is [System.UnauthorizedAccessException]) { 'access-denied' } else { 'internal' }
    $id = "$($ErrorRecord.FullyQualifiedErrorId)"
    # Example: "InvalidState,Microsoft.HyperV.PowerShell.Commands.NewVM". The part before the comma is not localized.
    if ($id -match '\A([A-Za-z]+),Microsoft\.HyperV\.PowerShell\.') {
        $code = if ($script:CmdletErrors.ContainsKey($Matches[1])) { $script:CmdletErrors[$Matches[1]] } else { 'agent-error' }
    }
    # A stopped vmms causes many different errors, so the service itself is queried.
    $outage = if ($code -ceq 'access-denied' -or $code -ceq 'wrong-state') { $null } else { Get-HyperVOutage }
    if ($null -ne $outage) { return ConvertTo-ErrorInfo -ErrorRecord (New-HyperVOutage -Message "$outage $($exception.Message)") }
    return [ordered]@{ code = $code; message = Limit-Text -Text ([string]$exception.Message) -Length 4096; remedy = $null }
}

$script:HyperVRemedy = 'Install the role and its PowerShell module (Install-WindowsFeature -Name Hyper-V -IncludeManagementTools) and restart the host. A restricted endpoint also has to load the module Hyper-V.'

function Test-HyperVMissing {
    <#
    .SYNOPSIS
    Returns true if an error means that the Hyper-V role or its PowerShell module is not installed.
    .DESCRIPTION
    A cmdlet of a missing module is an unknown command. MI_Result 3 (DSP0200) is a missing namespace: of the namespaces
    that the agent reads, only the one of Hyper-V can cause it here, because Get-ClusterInstance handles hosts without a
    cluster.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [System.Management.Automation.ErrorRecord] $ErrorRecord)
    $exception = $ErrorRecord.Exception
    if ($exception -is [System.Management.Automation.CommandNotFoundException]) { return "$($exception.CommandName)".StartsWith('Hyper-V\', [System.StringComparison]::OrdinalIgnoreCase) }
    return -not ($exception -is [System.ComponentModel.Win32Exception]) -and (Get-CimErrorCode -ErrorRecord $ErrorRecord) -eq 3
}

function Limit-Text {
    <#
    .SYNOPSIS
    Cuts a text to at most Length UTF-16 code units, never within a surrogate pair.
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
