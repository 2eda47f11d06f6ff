Register-Operation -Op 'operation.check' -Function 'Invoke-OperationCheckOperation'

function Invoke-OperationCheckOperation {
    <#
    .SYNOPSIS
    operation.check: runs an operation up to its first side effect, and returns all its refusals and what it would
    delete. Writes nothing.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    $op = [string]$Context.Request['op']
    $request = $Context.Request['request']
    Assert-OperationRequest -Op $op -Request $request
    $operation = $script:Operations[$op]
    if ($null -eq $operation.Check) { throw (New-OperationFailure -Code 'not-supported' -Message "`"$op`" changes nothing, so it cannot be checked.") }
    $envelope = [ordered]@{}
    foreach ($entry in $Context.Envelope.GetEnumerator()) { $envelope[[string]$entry.Key] = $entry.Value }
    $envelope['op'] = $op
    $Context.Envelope = $envelope
    $Context.Request = $request
    $Context.Refusals = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    $arguments = $operation.Arguments
    try { & $operation.Check -Context $Context @arguments }
    catch { if ($_.FullyQualifiedErrorId -cne $script:CheckEndId) { Add-Refusal -Context $Context -ErrorRecord $_ } }
    $preview = if ($Context.Refusals.Count -eq 0 -and $null -ne $Context.Preview) { $Context.Preview } else { @{ Deletes = @(); Remaining = @() } }
    $Context.Result = [ordered]@{ refusals = $Context.Refusals.ToArray(); deletes = @($preview.Deletes); remaining = @($preview.Remaining) }
}
