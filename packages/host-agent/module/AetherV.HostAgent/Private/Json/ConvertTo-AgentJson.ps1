# ConvertTo-Json stops at depth 2 by default, unrolls one-element arrays from a pipeline and writes dates differently in
# each edition. The contract requires ASCII, so a small separate writer is simpler.

$script:JsonUnsafe = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Text.RegularExpressions.Regex' -ArgumentList '["\\]|[^\x20-\x7e]'
$script:JsonUnsafeEvaluator = [System.Text.RegularExpressions.MatchEvaluator] {
    param($found)
    $unit = $found.Value
    if ($unit -ceq '"') { return '\"' }
    if ($unit -ceq '\') { return '\\' }
    return '\u' + ([int][char]$unit).ToString('x4', [System.Globalization.CultureInfo]::InvariantCulture)
}

function ConvertTo-AgentJson {
    <#
    .SYNOPSIS
    Writes a value as one line of ASCII JSON: dictionaries, arrays, texts, numbers, booleans and null.
    .DESCRIPTION
    Throws System.ArgumentException for a value of any other type: dates and enumerations have no one JSON form.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [AllowNull()] [object] $Value)
    $builder = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Text.StringBuilder'
    Add-JsonValue -Builder $builder -Value $Value
    return $builder.ToString()
}

function Add-JsonValue {
    <#
    .SYNOPSIS
    Appends one value.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Text.StringBuilder] $Builder,
        [Parameter(Mandatory)] [AllowNull()] [object] $Value
    )
    if ($null -eq $Value) { [void] $Builder.Append('null'); return }
    if ($Value -is [string]) { Add-JsonText -Builder $Builder -Text $Value; return }
    if ($Value -is [bool]) { [void] $Builder.Append($(if ($Value) { 'true' } else { 'false' })); return }
    if ($Value -is [System.Collections.IDictionary]) {
        $separator = '{'
        foreach ($entry in $Value.GetEnumerator()) {
            [void] $Builder.Append($separator)
            Add-JsonText -Builder $Builder -Text ([string]$entry.Key)
            [void] $Builder.Append(':')
            Add-JsonValue -Builder $Builder -Value $entry.Value
            $separator = ','
        }
        [void] $Builder.Append($(if ($separator -eq '{') { '{}' } else { '}' }))
        return
    }
    if ($Value -is [System.Collections.IList]) {
        $separator = '['
        foreach ($item in $Value) {
            [void] $Builder.Append($separator)
            Add-JsonValue -Builder $Builder -Value $item
            $separator = ','
        }
        [void] $Builder.Append($(if ($separator -eq '[') { '[]' } else { ']' }))
        return
    }
    [void] $Builder.Append((ConvertTo-JsonNumber -Value $Value))
}

function Add-JsonText {
    <#
    .SYNOPSIS
    Appends a quoted text. Characters other than printable ASCII become \uXXXX, a surrogate pair two of them.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Text.StringBuilder] $Builder,
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Text
    )
    [void] $Builder.Append('"').Append($script:JsonUnsafe.Replace($Text, $script:JsonUnsafeEvaluator)).Append('"')
}

function ConvertTo-JsonNumber {
    <#
    .SYNOPSIS
    Formats a number as JSON, independent of the culture.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [object] $Value)
    $invariant = [System.Globalization.CultureInfo]::InvariantCulture
    if ($Value -is [double] -or $Value -is [single]) {
        if ([double]::IsNaN($Value) -or [double]::IsInfinity($Value)) { throw [System.ArgumentException]::new('JSON cannot represent NaN or an infinity.') }
        # R: .NET Framework's default drops digits that a reader would need.
        return ([double]$Value).ToString('R', $invariant)
    }
    if ($Value -is [int] -or $Value -is [long] -or $Value -is [uint32] -or $Value -is [uint64] -or
        $Value -is [uint16] -or $Value -is [int16] -or $Value -is [byte] -or $Value -is [decimal]) {
        return $Value.ToString($invariant)
    }
    throw [System.ArgumentException]::new("JSON cannot represent a value of type $($Value.GetType().FullName).")
}
