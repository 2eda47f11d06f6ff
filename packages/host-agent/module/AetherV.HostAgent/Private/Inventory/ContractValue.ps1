# What Windows says, as values that the contract takes. None of these throws, whatever WMI sends: what does not fit is null or empty, and
# a problem of that VM or host names it. So one odd value costs its field and nothing else.

$script:MaxFactProblems = 32

function Add-FactProblem {
    <#
    .SYNOPSIS
    Notes a part that could not be reported. The list is bounded: the last entry says that there are more.
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
    A value as it is named in a problem: short, whatever it is.
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
    A whole number from minimum to maximum; null for anything else.
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param(
        [Parameter(Mandatory)] [AllowNull()] [object] $Value,
        [Parameter(Mandatory)] [decimal] $Minimum,
        [Parameter(Mandatory)] [decimal] $Maximum
    )
    # An empty text would become 0.
    if ($null -eq $Value -or $Value -is [bool] -or "$Value" -eq '') { return $null }
    try { $number = [decimal]$Value }
    catch { return $null }
    if ($number -lt $Minimum -or $number -gt $Maximum -or $number % 1 -ne 0) { return $null }
    return [long]$number
}

function Read-WholeNumber {
    <#
    .SYNOPSIS
    A whole number from minimum to maximum; else null and a problem.
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
    The name of a value in a table of Windows enumerations (packages/types, windows); null if the table does not have it.
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
    The name of a value in a table of Windows enumerations; else null and a problem.
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
    A text within the length of the contract. A longer one is cut; a path is not, since a cut path names another file: it is empty.
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
    A moment as the contract writes it; else null and a problem.
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
    Whether a text is a host's id (packages/types, HostId): a computer name in lower case.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Text)
    return [System.Text.RegularExpressions.Regex]::Match($Text, '\A[a-z0-9]([a-z0-9.-]{0,253}[a-z0-9])?\z').Success
}

function Select-WithinLimit {
    <#
    .SYNOPSIS
    The first entries of a list, as many as the contract takes; what is left out is a problem.
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
