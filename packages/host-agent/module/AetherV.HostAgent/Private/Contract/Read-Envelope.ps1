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
    $op = $Context.Envelope['op']
    $schema = Get-ContractSchema -Name "$op.request"
    if ($null -eq $schema) { throw (New-OperationFailure -Code 'not-supported' -Message "This agent does not support the operation `"$op`".") }
    $wrong = Find-SchemaError -Value $Context.Envelope['request'] -Schema $schema
    if ($null -ne $wrong) { throw (New-OperationFailure -Code 'bad-request' -Message "${op}: $wrong") }
    if (-not $script:Operations.Contains($op)) { throw (New-OperationFailure -Code 'not-supported' -Message "This agent does not support the operation `"$op`".") }
    $Context.Request = $Context.Envelope['request']
}
