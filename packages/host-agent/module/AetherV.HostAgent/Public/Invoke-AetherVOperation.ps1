function Invoke-AetherVOperation {
    <#
    .SYNOPSIS
    Carries out one operation of the Aether-V host contract and writes its lines.
    .DESCRIPTION
    Writes JSON lines in ASCII. The last one is "result" or "error", and nothing else is ever thrown: a caller that reads lines
    needs no second way to learn of a failure.
    .PARAMETER Request
    The envelope as JSON.
    .EXAMPLE
    Invoke-AetherVOperation -Request '{"contract":2,"id":"01890a5d-ac96-774b-bcce-b302099a8057","op":"agent.info","timeoutSeconds":60,"actor":"ann","request":{}}'
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Request
    )
    $now = Get-MonotonicMilliseconds
    $context = @{
        Id = $script:UnknownOperation; Seq = 0; Said = ''; LastLineAt = $now; ReceivedAt = $now
        Envelope = $null; Request = $null; Result = $null; Lock = $null; Cache = @{}; Refusals = $null; Preview = $null
    }
    try {
        Read-Envelope -Context $context -Request $Request
        Assert-Fence -Fence $context.Envelope['fence'] -Op $context.Envelope['op']
        Assert-Request -Context $context
        $operation = $script:Operations[[string]$context.Envelope['op']]
        $arguments = $operation.Arguments
        & $operation.Function -Context $context @arguments
        Write-AgentLine -Context $context -Body ([ordered]@{ type = 'result'; result = $context.Result })
    }
    catch {
        Write-AgentLine -Context $context -Body ([ordered]@{ type = 'error'; error = ConvertTo-ErrorInfo -ErrorRecord $_ })
    }
    # Also when the pipeline is stopped.
    finally { Exit-Operation -Context $context }
}
