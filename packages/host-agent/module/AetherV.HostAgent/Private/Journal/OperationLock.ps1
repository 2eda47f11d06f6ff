# Whoever works on an operation holds its file in active\ open and shares it with nobody. The system closes it when the process ends,
# however it ends, so there is nothing to be told from process ids and times.

function Open-Exclusively {
    <#
    .SYNOPSIS
    Opens a file that nobody else can open meanwhile, and makes it where it is missing. Null when somebody else has it open.
    #>
    [CmdletBinding()]
    [OutputType([System.IO.FileStream])]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [int] $Attempts = 10
    )
    for ($attempt = 1; ; $attempt++) {
        try { return [System.IO.FileStream]::new($Path, [System.IO.FileMode]::OpenOrCreate, [System.IO.FileAccess]::ReadWrite, [System.IO.FileShare]::None) }
        # Who only looks whether it is held has it open for a moment.
        catch [System.IO.IOException], [System.UnauthorizedAccessException] { if ($attempt -ge $Attempts) { return $null } }
        Microsoft.PowerShell.Utility\Start-Sleep -Milliseconds 20
    }
}

function Enter-Operation {
    <#
    .SYNOPSIS
    Takes hold of an operation until Exit-Operation. False when somebody else is at work on it.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [string] $Id
    )
    $path = Get-MarkerPath -Kind 'active' -Id $Id -Create
    $stream = Open-Exclusively -Path $path
    if ($null -eq $stream) { return $false }
    $Context.Lock = @{ Stream = $stream; Path = $path }
    return $true
}

function Exit-Operation {
    <#
    .SYNOPSIS
    Lets go of the operation that Enter-Operation took hold of. What happens to an operation from here on is in its record.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Context)
    if ($null -eq $Context.Lock) { return }
    $Context.Lock.Stream.Dispose()
    Remove-StaleFile -Path $Context.Lock.Path
    $Context.Lock = $null
}

function Test-OperationActive {
    <#
    .SYNOPSIS
    Whether somebody is at work on an operation.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [string] $Id)
    $path = Get-MarkerPath -Kind 'active' -Id $Id
    if (-not [System.IO.File]::Exists($path)) { return $false }
    $stream = Open-Exclusively -Path $path
    if ($null -eq $stream) { return $true }
    $stream.Dispose()
    return $false
}
