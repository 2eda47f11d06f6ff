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

function Test-OperationFailure {
    <#
    .SYNOPSIS
    Whether an error is one that New-OperationFailure made.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [System.Management.Automation.ErrorRecord] $ErrorRecord)
    return $ErrorRecord.FullyQualifiedErrorId -eq $script:FailureId -and $ErrorRecord.TargetObject -is [System.Collections.IDictionary]
}

function New-UnknownOutcome {
    <#
    .SYNOPSIS
    What an "error" line says of an operation that has not ended for certain.
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
    What an "error" line says of anything that was thrown.
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
    # What a method of .NET throws comes wrapped.
    while ($exception -is [System.Management.Automation.MethodInvocationException] -and $null -ne $exception.InnerException) { $exception = $exception.InnerException }
    # MI_RESULT_ACCESS_DENIED is 2; the number of a Win32Exception is none of CIM's.
    $cimDenied = -not ($exception -is [System.ComponentModel.Win32Exception]) -and (Get-CimErrorCode -ErrorRecord $ErrorRecord) -eq 2
    $code = if ($cimDenied -or $exception -is [System.UnauthorizedAccessException]) { 'access-denied' } else { 'internal' }
    $id = "$($ErrorRecord.FullyQualifiedErrorId)"
    # "InvalidState,Microsoft.HyperV.PowerShell.Commands.NewVM": the part before the comma is no text for people.
    if ($id -match '\A([A-Za-z]+),Microsoft\.HyperV\.PowerShell\.') {
        $code = if ($script:CmdletErrors.ContainsKey($Matches[1])) { $script:CmdletErrors[$Matches[1]] } else { 'agent-error' }
    }
    # What fails because vmms is stopped fails in many ways; only asking tells.
    $outage = if ($code -ceq 'access-denied' -or $code -ceq 'wrong-state') { $null } else { Get-HyperVOutage }
    if ($null -ne $outage) { return ConvertTo-ErrorInfo -ErrorRecord (New-HyperVOutage -Message "$outage $($exception.Message)") }
    return [ordered]@{ code = $code; message = Limit-Text -Text ([string]$exception.Message) -Length 4096; remedy = $null }
}

$script:HyperVRemedy = 'Install the role and its PowerShell module (Install-WindowsFeature -Name Hyper-V -IncludeManagementTools) and restart the host. A restricted endpoint also has to load the module Hyper-V.'

function Test-HyperVMissing {
    <#
    .SYNOPSIS
    Whether an error says that this host has no Hyper-V module, or no Hyper-V WMI namespace: the role or its tools are not installed.
    .DESCRIPTION
    A cmdlet of a module that is not there is no command. Of the namespaces that the agent reads, only that of Hyper-V can be missing
    here (MI_Result 3, DSP0200): a host without a cluster is none of the errors that reach this.
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
