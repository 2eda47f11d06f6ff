# A session that works on an operation keeps its file in active\ open without sharing. Windows closes the file when the
# process ends, so process ids and timestamps are not needed.

function Open-Exclusively {
    <#
    .SYNOPSIS
    Opens a file without sharing and creates it if it is missing. Returns null if another process has it open.
    #>
    [CmdletBinding()]
    [OutputType([System.IO.FileStream])]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [int] $Attempts = 10
    )
    for ($attempt = 1; ; $attempt++) {
        try { return [System.IO.FileStream]::new($Path, [System.IO.FileMode]::OpenOrCreate, [System.IO.FileAccess]::ReadWrite, [System.IO.FileShare]::None) }
        # A check of the lock by another session also holds the file for a moment.
        catch [System.IO.IOException], [System.UnauthorizedAccessException] { if ($attempt -ge $Attempts) { return $null } }
        Microsoft.PowerShell.Utility\Start-Sleep -Milliseconds 20
    }
}

function Enter-Operation {
    <#
    .SYNOPSIS
    Acquires the lock of an operation until Exit-Operation. Returns false if another session holds it.
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
    Releases the lock of the operation. Its record holds its state from then on.
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
    Returns true if a session holds the lock of an operation.
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
