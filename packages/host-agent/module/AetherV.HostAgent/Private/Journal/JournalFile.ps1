# Journal files are created exclusively and replaced as a whole: a reader sees the old or the new state, and a killed
# process leaves one of the two. Readers share deletion, because a replacement fails on Windows otherwise.

$script:FileAttempts = 50

function Get-JournalPath {
    <#
    .SYNOPSIS
    Returns the path of an operation's journal file. The id is safe in a path: the contract allows only hexadecimal
    digits and hyphens.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [ValidatePattern('\A[0-9a-f-]{36}\z')] [string] $Id,
        [switch] $Create
    )
    return [System.IO.Path]::Combine((Get-DataFolder -Name 'journal' -Create:$Create), "$Id.json")
}

function New-ExclusiveFile {
    <#
    .SYNOPSIS
    Creates a file with a text. Returns false if the file already exists.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Text
    )
    # The text is written to a temporary file first, so that a process that dies while writing leaves no partial file.
    $temporary = "$Path.$([System.Guid]::NewGuid().ToString('N')).tmp"
    Write-FileThrough -Path $temporary -Text $Text
    try {
        [System.IO.File]::Move($temporary, $Path)
        Sync-FileName -Path $Path
        return $true
    }
    catch [System.IO.IOException] {
        [System.IO.File]::Delete($temporary)
        if ([System.IO.File]::Exists($Path)) { return $false }
        throw
    }
}

function Write-FileThrough {
    <#
    .SYNOPSIS
    Writes a new file and flushes it to disk.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Text
    )
    $bytes = [System.Text.Encoding]::UTF8.GetBytes($Text)
    $stream = [System.IO.FileStream]::new($Path, [System.IO.FileMode]::CreateNew, [System.IO.FileAccess]::Write, [System.IO.FileShare]::None)
    try {
        $stream.Write($bytes, 0, $bytes.Length)
        $stream.Flush($true)
    }
    finally { $stream.Dispose() }
}

function Sync-FileName {
    <#
    .SYNOPSIS
    Flushes a renamed file, so that its new name is on disk too.
    .DESCRIPTION
    .NET cannot open a folder to flush it. Flushing a file writes its metadata (FlushFileBuffers, fsync). Journaling
    file systems then also write earlier log records, including the rename: ext4 and XFS do, and NTFS is assumed to.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    $share = [System.IO.FileShare]::ReadWrite -bor [System.IO.FileShare]::Delete
    # The text is on disk already, so a reader that does not share the file, or a newer version of it, is not an error.
    try {
        $stream = [System.IO.FileStream]::new($Path, [System.IO.FileMode]::Open, [System.IO.FileAccess]::Write, $share)
        try { $stream.Flush($true) }
        finally { $stream.Dispose() }
    }
    catch [System.IO.IOException], [System.UnauthorizedAccessException] { return }
}

function Set-WholeFile {
    <#
    .SYNOPSIS
    Replaces the text of an existing file as a whole.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [string] $Text
    )
    $temporary = "$Path.$([System.Guid]::NewGuid().ToString('N')).tmp"
    Write-FileThrough -Path $temporary -Text $Text
    for ($attempt = 1; ; $attempt++) {
        try {
            # ReplaceFile may fail between its two renames (ERROR_UNABLE_TO_MOVE_REPLACEMENT_2). The backup name then
            # holds the old text.
            if ([System.IO.File]::Exists($Path)) { [System.IO.File]::Replace($temporary, $Path, "$Path.old") }
            else { [System.IO.File]::Move($temporary, $Path) }
            break
        }
        catch [System.IO.IOException], [System.UnauthorizedAccessException] {
            # A virus scanner or another reader has the file open, or its deletion is pending.
            if ($attempt -ge $script:FileAttempts) { throw }
            Microsoft.PowerShell.Utility\Start-Sleep -Milliseconds 20
        }
    }
    Sync-FileName -Path $Path
    # The next replacement overwrites a backup that cannot be removed now.
    try { [System.IO.File]::Delete("$Path.old") }
    catch [System.IO.IOException], [System.UnauthorizedAccessException] { return }
}

function Read-WholeFile {
    <#
    .SYNOPSIS
    Returns the text of a file; null if it does not exist. Falls back to the backup of an interrupted replacement.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Path)
    for ($attempt = 1; ; $attempt++) {
        try {
            $share = [System.IO.FileShare]::ReadWrite -bor [System.IO.FileShare]::Delete
            $stream = [System.IO.FileStream]::new($Path, [System.IO.FileMode]::Open, [System.IO.FileAccess]::Read, $share)
            try {
                $reader = [System.IO.StreamReader]::new($stream, [System.Text.Encoding]::UTF8)
                return $reader.ReadToEnd()
            }
            finally { $stream.Dispose() }
        }
        catch [System.IO.FileNotFoundException] {
            if ($Path.EndsWith('.old')) { return $null }
            $old = Read-WholeFile -Path "$Path.old"
            # Neither exists, or the replacement completed between the two attempts.
            if ($null -ne $old -or -not [System.IO.File]::Exists($Path)) { return $old }
        }
        # The folder does not exist until an operation changes this host.
        catch [System.IO.DirectoryNotFoundException] { return $null }
        catch [System.IO.IOException], [System.UnauthorizedAccessException] {
            if ($attempt -ge $script:FileAttempts) { throw }
            Microsoft.PowerShell.Utility\Start-Sleep -Milliseconds 20
        }
    }
}
