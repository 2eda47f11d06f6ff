# ConvertFrom-Json differs between editions: PowerShell 7 converts ISO strings to dates (-DateKind came with 7.5), 5.1
# converts "\/Date(0)\/", and both ignore the difference between "name" and "NAME". This small reader of RFC 8259 does
# neither.

$script:JsonToken = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Text.RegularExpressions.Regex' -ArgumentList @(
    '\G[ \t\r\n]*(?:(?<mark>[{}\[\],:])|(?<text>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*")|(?<number>-?(?:0|[1-9][0-9]*)(?<part>\.[0-9]+)?(?<power>[eE][-+]?[0-9]+)?)|(?<word>true|false|null)|(?<end>\z))',
    [System.Text.RegularExpressions.RegexOptions]::CultureInvariant
)
$script:JsonEscape = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Text.RegularExpressions.Regex' -ArgumentList '\\(?:u([0-9a-fA-F]{4})|(.))'
$script:JsonPlainEscapes = @{ 'b' = "`b"; 'f' = "`f"; 'n' = "`n"; 'r' = "`r"; 't' = "`t" }
$script:JsonMaxDepth = 64

function ConvertFrom-AgentJson {
    <#
    .SYNOPSIS
    Reads JSON. Objects become ordered dictionaries with case-sensitive names, arrays stay arrays, texts stay texts.
    .DESCRIPTION
    Throws System.FormatException for invalid JSON.
    #>
    [CmdletBinding()]
    [OutputType([object])]
    param(
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Text
    )
    $reader = @{ Text = $Text; Position = 0; Token = $null }
    Read-JsonToken -Reader $reader
    $value = Read-JsonValue -Reader $reader -Depth 0
    if (-not $reader.Token.Groups['end'].Success) {
        throw [System.FormatException]::new('Text follows the JSON value.')
    }
    return , $value
}

function Read-JsonToken {
    <#
    .SYNOPSIS
    Moves the reader to the next token.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Reader)
    $match = $script:JsonToken.Match($Reader.Text, $Reader.Position)
    if (-not $match.Success) { throw [System.FormatException]::new("Invalid JSON at position $($Reader.Position).") }
    $Reader.Token = $match
    $Reader.Position = $match.Index + $match.Length
}

function Read-JsonValue {
    <#
    .SYNOPSIS
    Reads the value that begins at the reader's token.
    #>
    [CmdletBinding()]
    [OutputType([object])]
    param(
        [Parameter(Mandatory)] [hashtable] $Reader,
        [Parameter(Mandatory)] [int] $Depth
    )
    if ($Depth -gt $script:JsonMaxDepth) { throw [System.FormatException]::new('The JSON is nested too deeply.') }
    $token = $Reader.Token
    $mark = $token.Groups['mark'].Value
    if ($mark -eq '{') { return , (Read-JsonObject -Reader $Reader -Depth $Depth) }
    if ($mark -eq '[') { return , (Read-JsonArray -Reader $Reader -Depth $Depth) }
    if ($token.Groups['text'].Success) { $value = ConvertFrom-JsonText -Token $token.Groups['text'].Value }
    elseif ($token.Groups['number'].Success) { $value = ConvertFrom-JsonNumber -Token $token }
    elseif ($token.Groups['word'].Success) { $value = @{ 'true' = $true; 'false' = $false; 'null' = $null }[$token.Groups['word'].Value] }
    else { throw [System.FormatException]::new("A JSON value is missing at position $($token.Index).") }
    Read-JsonToken -Reader $Reader
    return , $value
}

function Read-JsonObject {
    <#
    .SYNOPSIS
    Reads an object from its opening brace. Of a name that occurs twice, the last counts, as in ECMAScript.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.Specialized.OrderedDictionary])]
    param(
        [Parameter(Mandatory)] [hashtable] $Reader,
        [Parameter(Mandatory)] [int] $Depth
    )
    $object = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.Specialized.OrderedDictionary' -ArgumentList ([System.StringComparer]::Ordinal)
    Read-JsonToken -Reader $Reader
    if ($Reader.Token.Groups['mark'].Value -eq '}') {
        Read-JsonToken -Reader $Reader
        return , $object
    }
    while ($true) {
        $name = $Reader.Token.Groups['text']
        if (-not $name.Success) { throw [System.FormatException]::new('A name is missing in a JSON object.') }
        Read-JsonToken -Reader $Reader
        if ($Reader.Token.Groups['mark'].Value -ne ':') { throw [System.FormatException]::new('A colon is missing in a JSON object.') }
        Read-JsonToken -Reader $Reader
        $key = ConvertFrom-JsonText -Token $name.Value
        $value = Read-JsonValue -Reader $Reader -Depth ($Depth + 1)
        # The indexer with a text, never a number: a name like "1" must not be taken for a position.
        $object[[string]$key] = $value
        $mark = $Reader.Token.Groups['mark'].Value
        if ($mark -ne ',' -and $mark -ne '}') { throw [System.FormatException]::new('A JSON object does not end.') }
        Read-JsonToken -Reader $Reader
        if ($mark -eq '}') { return , $object }
    }
}

function Read-JsonArray {
    <#
    .SYNOPSIS
    Reads an array from its opening bracket.
    #>
    [CmdletBinding()]
    [OutputType([object[]])]
    param(
        [Parameter(Mandatory)] [hashtable] $Reader,
        [Parameter(Mandatory)] [int] $Depth
    )
    $items = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    Read-JsonToken -Reader $Reader
    if ($Reader.Token.Groups['mark'].Value -eq ']') {
        Read-JsonToken -Reader $Reader
        return , $items.ToArray()
    }
    while ($true) {
        [void] $items.Add((Read-JsonValue -Reader $Reader -Depth ($Depth + 1)))
        $mark = $Reader.Token.Groups['mark'].Value
        if ($mark -ne ',' -and $mark -ne ']') { throw [System.FormatException]::new('A JSON array does not end.') }
        Read-JsonToken -Reader $Reader
        if ($mark -eq ']') { return , $items.ToArray() }
    }
}

function ConvertFrom-JsonText {
    <#
    .SYNOPSIS
    Returns the text of a JSON text token, without its quotes and escapes.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Token)
    $inner = $Token.Substring(1, $Token.Length - 2)
    if ($inner.IndexOf([char]'\') -lt 0) { return $inner }
    return $script:JsonEscape.Replace($inner, {
            param($found)
            if ($found.Groups[1].Success) { return [string][char][System.Convert]::ToInt32($found.Groups[1].Value, 16) }
            $letter = $found.Groups[2].Value
            if ($script:JsonPlainEscapes.ContainsKey($letter)) { return $script:JsonPlainEscapes[$letter] }
            return $letter
        })
}

function ConvertFrom-JsonNumber {
    <#
    .SYNOPSIS
    Returns the value of a JSON number token: a long if it is whole and exact in a double (RFC 8259, section 6), else a double.
    #>
    [CmdletBinding()]
    [OutputType([object])]
    param([Parameter(Mandatory)] [System.Text.RegularExpressions.Match] $Token)
    $digits = $Token.Groups['number'].Value
    $number = [double]0
    $styles = [System.Globalization.NumberStyles]::Float
    # .NET Framework returns false where .NET returns infinity; the contract allows neither.
    if (-not [double]::TryParse($digits, $styles, [System.Globalization.CultureInfo]::InvariantCulture, [ref] $number)) {
        $number = [double]::PositiveInfinity
    }
    if ([System.Math]::Abs($number) -le 9007199254740991 -and [System.Math]::Floor($number) -eq $number) { return [long]$number }
    return $number
}
