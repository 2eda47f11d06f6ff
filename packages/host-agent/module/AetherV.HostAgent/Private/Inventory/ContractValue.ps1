# Converts values of Windows to values of the contract. No function here throws, whatever WMI returns: an unusable value
# becomes null or empty, and a problem of the VM or host names it. An odd value thus costs only its own field.

$script:MaxFactProblems = 32

function Add-FactProblem {
    <#
    .SYNOPSIS
    Adds a problem: a part that could not be reported. The list is bounded; its last entry says that there are more.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [AllowNull()] [AllowEmptyCollection()] [System.Collections.IList] $Problem,
        [Parameter(Mandatory)] [string] $Part,
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Message
    )
    if ($null -eq $Problem -or $Problem.Count -ge $script:MaxFactProblems) { return }
    if ($Problem.Count -eq $script:MaxFactProblems - 1) {
        [void] $Problem.Add([ordered]@{ part = 'problems'; message = 'There are more problems than can be listed.' })
        return
    }
    [void] $Problem.Add([ordered]@{ part = Limit-Text -Text $Part -Length 128; message = Limit-Text -Text $Message })
}

function Get-ShownValue {
    <#
    .SYNOPSIS
    Returns a short text of a value for the message of a problem.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [AllowNull()] [object] $Value)
    if ($null -eq $Value) { return '(no value)' }
    return "`"$(Limit-Text -Text "$Value" -Length 60)`""
}

function ConvertTo-WholeNumber {
    <#
    .SYNOPSIS
    Converts a value to an integer from Minimum to Maximum; null if it is not one.
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param(
        [Parameter(Mandatory)] [AllowNull()] [object] $Value,
        [Parameter(Mandatory)] [decimal] $Minimum,
        [Parameter(Mandatory)] [decimal] $Maximum
    )
    # The conversion of an empty text returns 0.
    if ($null -eq $Value -or $Value -is [bool] -or "$Value" -eq '') { return $null }
    try { $number = [decimal]$Value }
    catch { return $null }
    if ($number -lt $Minimum -or $number -gt $Maximum -or $number % 1 -ne 0) { return $null }
    return [long]$number
}

function Read-WholeNumber {
    <#
    .SYNOPSIS
    Converts a value to an integer from Minimum to Maximum; null and a problem if it is not one.
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param(
        [Parameter(Mandatory)] [AllowNull()] [object] $Value,
        [Parameter(Mandatory)] [decimal] $Minimum,
        [Parameter(Mandatory)] [decimal] $Maximum,
        [Parameter(Mandatory)] [string] $Part,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    $number = ConvertTo-WholeNumber -Value $Value -Minimum $Minimum -Maximum $Maximum
    if ($null -eq $number) { Add-FactProblem -Problem $Problem -Part $Part -Message "$(Get-ShownValue -Value $Value) is not a whole number from $Minimum to $Maximum." }
    return $number
}

function Get-WindowsName {
    <#
    .SYNOPSIS
    Returns the name of a value in a table of Windows enumerations (packages/types, windows); null if it is unknown.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Table,
        [Parameter(Mandatory)] [AllowNull()] [object] $Value
    )
    if ($null -eq $Value -or $Value -is [bool]) { return $null }
    return (Get-ContractTable -Name 'windows')[$Table]["$Value"]
}

function Read-WindowsName {
    <#
    .SYNOPSIS
    Returns the name of a value in a table of Windows enumerations; null and a problem if it is unknown.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Table,
        [Parameter(Mandatory)] [AllowNull()] [object] $Value,
        [Parameter(Mandatory)] [string] $Part,
        [Parameter(Mandatory)] [AllowNull()] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    $name = Get-WindowsName -Table $Table -Value $Value
    if ($null -eq $name) { Add-FactProblem -Problem $Problem -Part $Part -Message "Windows reported the unknown value $(Get-ShownValue -Value $Value)." }
    return $name
}

function Read-FactText {
    <#
    .SYNOPSIS
    Returns a text within the length limit of the contract. Cuts a longer text, and returns an empty text for a longer
    path, because a cut path names another file. Both add a problem.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [AllowNull()] [object] $Value,
        [Parameter(Mandatory)] [string] $Part,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem,
        [int] $Length = 1024,
        [switch] $IsPath
    )
    $text = "$Value"
    if ($text.Length -le $Length) { return $text }
    Add-FactProblem -Problem $Problem -Part $Part -Message "The text has $($text.Length) characters, more than the limit of $($Length): $(Get-ShownValue -Value $text)."
    if ($IsPath) { return '' }
    return Limit-Text -Text $text -Length $Length
}

function Read-FactMoment {
    <#
    .SYNOPSIS
    Converts a date to a timestamp of the contract; null and a problem if the value is not a date.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [AllowNull()] [object] $Value,
        [Parameter(Mandatory)] [string] $Part,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    if ($Value -is [datetime]) { return ConvertTo-Timestamp -Time $Value }
    Add-FactProblem -Problem $Problem -Part $Part -Message "$(Get-ShownValue -Value $Value) is not a date and time."
    return $null
}

function Test-HostId {
    <#
    .SYNOPSIS
    Returns true if a text is a valid host id (packages/types, HostId): a computer name in lower case.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Text)
    return [System.Text.RegularExpressions.Regex]::Match($Text, '\A[a-z0-9]([a-z0-9.-]{0,253}[a-z0-9])?\z').Success
}

function Select-WithinLimit {
    <#
    .SYNOPSIS
    Returns the first entries of a list, up to the limit of the contract. Adds a problem if entries are left out.
    #>
    [CmdletBinding()]
    [OutputType([object[]])]
    param(
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $List,
        [Parameter(Mandatory)] [int] $Maximum,
        [Parameter(Mandatory)] [string] $Part,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    if ($List.Length -le $Maximum) { return , $List }
    Add-FactProblem -Problem $Problem -Part $Part -Message "There are $($List.Length) entries; only the first $Maximum are reported."
    return , @(for ($index = 0; $index -lt $Maximum; $index++) { $List[$index] })
}
