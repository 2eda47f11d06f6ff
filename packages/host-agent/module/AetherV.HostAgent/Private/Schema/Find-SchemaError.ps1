# Windows PowerShell 5.1 has no Test-Json. This interprets the keywords of JSON Schema that packages/types uses, and refuses
# a schema with any other, so that none is passed over in silence.

$script:SchemaKeywords = @(
    'type', 'const', 'enum', 'anyOf', 'not', 'properties', 'required', 'additionalProperties', 'items', 'minItems', 'maxItems',
    'minLength', 'maxLength', 'pattern', 'minimum', 'maximum', 'multipleOf', 'description', '$id'
)

function Find-SchemaError {
    <#
    .SYNOPSIS
    The first reason why a value does not fit a schema, as "path what"; null when it fits.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [AllowNull()] [object] $Value,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Schema,
        [string] $Path = ''
    )
    foreach ($keyword in $Schema.Keys) {
        if ($script:SchemaKeywords -cnotcontains $keyword) {
            throw [System.NotSupportedException]::new("This agent does not know the schema keyword `"$keyword`".")
        }
    }
    if ($Schema.Contains('anyOf')) {
        $fits = $false
        foreach ($choice in $Schema['anyOf']) {
            if ($null -eq (Find-SchemaError -Value $Value -Schema $choice -Path $Path)) { $fits = $true; break }
        }
        if (-not $fits) { return "$Path fits none of the forms allowed here".Trim() }
    }
    # Only ever {}: nothing fits.
    if ($Schema.Contains('not')) { return "$Path is not allowed here".Trim() }
    if ($Schema.Contains('const') -and -not (Test-JsonEqual -Left $Value -Right $Schema['const'])) {
        return "$Path must be $(ConvertTo-AgentJson -Value $Schema['const'])".Trim()
    }
    if ($Schema.Contains('enum')) {
        $listed = $false
        foreach ($choice in $Schema['enum']) { if (Test-JsonEqual -Left $Value -Right $choice) { $listed = $true; break } }
        if (-not $listed) { return "$Path must be one of the values listed for it".Trim() }
    }
    if ($Schema.Contains('type')) {
        $type = Get-JsonType -Value $Value
        if ($type -cne $Schema['type'] -and -not ($type -ceq 'integer' -and $Schema['type'] -ceq 'number')) {
            return "$Path must be a $($Schema['type'])".Trim()
        }
    }
    if ($Value -is [string]) { return Find-TextSchemaError -Text $Value -Schema $Schema -Path $Path }
    if ($Value -is [System.Collections.IDictionary]) { return Find-ObjectSchemaError -Object $Value -Schema $Schema -Path $Path }
    if ($Value -is [System.Collections.IList]) { return Find-ArraySchemaError -Array $Value -Schema $Schema -Path $Path }
    if ($Value -is [long] -or $Value -is [double]) {
        if ($Schema.Contains('minimum') -and $Value -lt $Schema['minimum']) { return "$Path must be at least $($Schema['minimum'])".Trim() }
        if ($Schema.Contains('maximum') -and $Value -gt $Schema['maximum']) { return "$Path must be at most $($Schema['maximum'])".Trim() }
        # Whole numbers below 2^53, so the remainder is exact.
        if ($Schema.Contains('multipleOf') -and $Value % $Schema['multipleOf'] -ne 0) { return "$Path must be a multiple of $($Schema['multipleOf'])".Trim() }
    }
    return $null
}

function Find-TextSchemaError {
    <#
    .SYNOPSIS
    What is wrong with a text. Lengths count code points, as JSON Schema says.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Text,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Schema,
        [string] $Path = ''
    )
    if ($Schema.Contains('minLength') -or $Schema.Contains('maxLength')) {
        $length = $Text.Length - [System.Text.RegularExpressions.Regex]::Matches($Text, '[\ud800-\udbff][\udc00-\udfff]').Count
        if ($Schema.Contains('minLength') -and $length -lt $Schema['minLength']) { return "$Path must have at least $($Schema['minLength']) characters".Trim() }
        if ($Schema.Contains('maxLength') -and $length -gt $Schema['maxLength']) { return "$Path must have at most $($Schema['maxLength']) characters".Trim() }
    }
    if ($Schema.Contains('pattern') -and -not (Test-EcmaPattern -Text $Text -Pattern $Schema['pattern'])) {
        return "$Path must match $($Schema['pattern'])".Trim()
    }
    return $null
}

function Find-ObjectSchemaError {
    <#
    .SYNOPSIS
    What is wrong with an object.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Object,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Schema,
        [string] $Path = ''
    )
    if ($Schema.Contains('required')) {
        foreach ($name in $Schema['required']) {
            if (-not $Object.Contains($name)) { return "$Path/$name is missing" }
        }
    }
    $properties = if ($Schema.Contains('properties')) { $Schema['properties'] } else { @{} }
    foreach ($name in $Object.Keys) {
        if ($properties.Contains($name)) {
            $found = Find-SchemaError -Value $Object[[string]$name] -Schema $properties[[string]$name] -Path "$Path/$name"
            if ($null -ne $found) { return $found }
        }
        # Only ever false.
        elseif ($Schema.Contains('additionalProperties')) { return "$Path has a field that is not known here".Trim() }
    }
    return $null
}

function Find-ArraySchemaError {
    <#
    .SYNOPSIS
    What is wrong with an array.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Array,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Schema,
        [string] $Path = ''
    )
    if ($Schema.Contains('minItems') -and $Array.Count -lt $Schema['minItems']) { return "$Path must have at least $($Schema['minItems']) items".Trim() }
    if ($Schema.Contains('maxItems') -and $Array.Count -gt $Schema['maxItems']) { return "$Path must have at most $($Schema['maxItems']) items".Trim() }
    if ($Schema.Contains('items')) {
        for ($index = 0; $index -lt $Array.Count; $index++) {
            $found = Find-SchemaError -Value $Array[$index] -Schema $Schema['items'] -Path "$Path/$index"
            if ($null -ne $found) { return $found }
        }
    }
    return $null
}

function Get-JsonType {
    <#
    .SYNOPSIS
    The JSON Schema type of a value that ConvertFrom-AgentJson read.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [AllowNull()] [object] $Value)
    if ($null -eq $Value) { return 'null' }
    if ($Value -is [string]) { return 'string' }
    if ($Value -is [bool]) { return 'boolean' }
    if ($Value -is [long]) { return 'integer' }
    if ($Value -is [double]) {
        if ([double]::IsInfinity($Value) -or [double]::IsNaN($Value)) { return 'infinity' }
        # Whole doubles above 2^53 are integers to ECMAScript, too.
        if ([System.Math]::Floor($Value) -eq $Value) { return 'integer' }
        return 'number'
    }
    if ($Value -is [System.Collections.IDictionary]) { return 'object' }
    if ($Value -is [System.Collections.IList]) { return 'array' }
    return 'unknown'
}

function Test-JsonEqual {
    <#
    .SYNOPSIS
    Whether two JSON values are the same, to the letter.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [AllowNull()] [object] $Left,
        [Parameter(Mandatory)] [AllowNull()] [object] $Right
    )
    return [string]::Equals((ConvertTo-AgentJson -Value $Left), (ConvertTo-AgentJson -Value $Right), [System.StringComparison]::Ordinal)
}

function Test-EcmaPattern {
    <#
    .SYNOPSIS
    Whether a text matches a pattern of the contract as ECMAScript reads it.
    .DESCRIPTION
    .NET lets "$" match before a final newline; outside of a character class it has to become \z. The contract's patterns use
    no \d or \w, whose Unicode meaning would differ.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Text,
        [Parameter(Mandatory)] [string] $Pattern
    )
    $translated = [System.Text.RegularExpressions.Regex]::Replace($Pattern, '\\.|\[(?:\\.|[^\]])*\]|\$', {
            param($found)
            if ($found.Value -ceq '$') { return '\z' }
            return $found.Value
        })
    return [System.Text.RegularExpressions.Regex]::IsMatch($Text, $translated, [System.Text.RegularExpressions.RegexOptions]::CultureInvariant)
}
