function Clear-StaleFile {
    <#
    .SYNOPSIS
    Removes files that dead sessions left, once a day: temporary files, unused markers, and keys of forgotten
    operations.
    #>
    [CmdletBinding()]
    param()
    $stamp = [System.IO.Path]::Combine((Get-DataFolder -Name 'journal'), 'swept')
    # Both times come from the file system, independent of the process's clock.
    $before = [System.IO.File]::GetLastWriteTimeUtc($stamp)
    [System.IO.File]::WriteAllText("$stamp.now", '')
    $yesterday = [System.IO.File]::GetLastWriteTimeUtc("$stamp.now").AddDays(-1)
    if ($before -gt $yesterday) { return }
    [System.IO.File]::WriteAllText($stamp, '')
    foreach ($name in 'journal', 'keys', 'cancel', 'active') {
        foreach ($path in [System.IO.Directory]::GetFiles((Get-DataFolder -Name $name -Create))) {
            if ([System.IO.File]::GetLastWriteTimeUtc($path) -gt $yesterday) { continue }
            if (Test-StaleFile -Kind $name -Path $path) { Remove-StaleFile -Path $path }
        }
    }
}

function Test-StaleFile {
    <#
    .SYNOPSIS
    Returns true if a file in the agent's data folders is at least a day old and no longer needed.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [string] $Kind,
        [Parameter(Mandatory)] [string] $Path
    )
    if ($Path.EndsWith('.tmp', [System.StringComparison]::Ordinal)) { return $true }
    $name = [System.IO.Path]::GetFileName($Path)
    # Files that the agent did not create are kept.
    if (@('active', 'cancel') -ccontains $Kind) { return $name -match '\A[0-9a-f-]{36}\z' -and -not (Test-OperationActive -Id $name) }
    if ($Kind -cne 'keys' -or $name -notmatch '\A[0-9A-F]{64}\z') { return $false }
    $id = Read-WholeFile -Path $Path
    return $id -notmatch '\A[0-9a-f-]{36}\z' -or $null -eq (Read-JournalRecord -Id $id)
}

function Remove-StaleFile {
    <#
    .SYNOPSIS
    Removes a file unless another process has it open.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    try { [System.IO.File]::Delete($Path) }
    catch [System.IO.IOException], [System.UnauthorizedAccessException] { return }
}
