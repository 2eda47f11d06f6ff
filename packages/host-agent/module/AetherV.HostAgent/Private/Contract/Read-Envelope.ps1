$script:ContractVersion = 2
$script:UnknownOperation = '00000000-0000-7000-8000-000000000000'

function Read-Envelope {
    <#
    .SYNOPSIS
    Validates the envelope against its schema before anything else is done, and puts it into the context.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Request
    )
    try { $value = ConvertFrom-AgentJson -Text $Request }
    catch [System.FormatException] {
        throw (New-OperationFailure -Code 'bad-request' -Message 'The request is not valid JSON.')
    }
    $schema = Get-ContractSchema -Name 'envelope'
    $isObject = $value -is [System.Collections.IDictionary]
    if ($isObject -and $value.Contains('id') -and $null -eq (Find-SchemaError -Value $value['id'] -Schema $schema['properties']['id'])) {
        $Context.Id = $value['id']
    }
    if (-not (Test-WholeText -Value $value)) { throw (New-OperationFailure -Code 'bad-request' -Message 'A string in the request contains a NUL or a lone surrogate, which cannot be stored.') }
    $wrong = Find-SchemaError -Value $value -Schema $schema
    if ($null -ne $wrong) {
        $contract = if ($isObject) { $value['contract'] } else { $null }
        if (($contract -is [long] -or $contract -is [double]) -and $contract -ne $script:ContractVersion) {
            throw (New-OperationFailure -Code 'not-supported' -Message "This agent supports version $($script:ContractVersion) of the host contract, not version $contract.")
        }
        throw (New-OperationFailure -Code 'bad-request' -Message "The envelope is invalid: $wrong")
    }
    $Context.Envelope = $value
}

function Test-WholeText {
    <#
    .SYNOPSIS
    Tests whether every string in a value can be stored unchanged: Hyper-V's own stores cut a string at a NUL, and no encoding accepts
    a lone surrogate.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [AllowNull()] [object] $Value)
    if ($Value -is [string]) { return $Value -notmatch '\0|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]' }
    $parts = @()
    if ($Value -is [System.Collections.IDictionary]) { $parts = @($Value.Keys) + @($Value.Values) }
    elseif ($Value -is [System.Collections.IList]) { $parts = $Value }
    foreach ($part in $parts) { if ($null -ne $part -and -not (Test-WholeText -Value $part)) { return $false } }
    return $true
}

function Assert-Request {
    <#
    .SYNOPSIS
    Validates the request of the envelope against the schema of its operation.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Context)
    Assert-OperationRequest -Op $Context.Envelope['op'] -Request $Context.Envelope['request']
    $Context.Request = $Context.Envelope['request']
}

function Assert-OperationRequest {
    <#
    .SYNOPSIS
    Throws not-supported for an operation that this agent does not have, and bad-request for a request that does not match
    its schema.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Op,
        [Parameter(Mandatory)] [AllowNull()] [AllowEmptyString()] [AllowEmptyCollection()] [object] $Request
    )
    $schema = Get-ContractSchema -Name "$Op.request"
    if ($null -eq $schema) { throw (New-OperationFailure -Code 'not-supported' -Message "This agent does not support the operation `"$Op`".") }
    $wrong = Find-SchemaError -Value $Request -Schema $schema
    if ($null -ne $wrong) { throw (New-OperationFailure -Code 'bad-request' -Message "${Op}: $wrong") }
    if (-not $script:Operations.Contains($Op)) { throw (New-OperationFailure -Code 'not-supported' -Message "This agent does not support the operation `"$Op`".") }
}
