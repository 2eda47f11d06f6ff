# Files of the journal are created exclusively and replaced as a whole, so that a reader sees one state or the next, and a
# process that is killed leaves one of the two. Readers share deletion, or a replacement would fail under them on Windows.

$script:FileAttempts = 50

function Get-JournalPath {
    <#
    .SYNOPSIS
    The file of an operation. The id has passed the contract's pattern: hexadecimal digits and hyphens alone.
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
    Creates a file with this text. False when there is one of that name.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $Text
    )
    # The text goes into a file of another name first: who dies while writing leaves nothing under this one.
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
    Writes a new file down to the disk.
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
    Flushes a file by the name that it was just given, so that the name is on the disk, too.
    .DESCRIPTION
    .NET opens no folder to flush it. Flushing a file writes its metadata (FlushFileBuffers, fsync), and file systems with a journal write
    what was logged before it, the rename included: NTFS is believed to do that, ext4 and XFS do.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Path)
    $share = [System.IO.FileShare]::ReadWrite -bor [System.IO.FileShare]::Delete
    # Its text is on the disk already. A reader that shares nothing, or a successor that has replaced it, is no reason to fail.
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
    Replaces a file that exists by one with this text, at once and as a whole.
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
            # ReplaceFile (ERROR_UNABLE_TO_MOVE_REPLACEMENT_2) may fail between its two renames; then the old text is under the other name.
            if ([System.IO.File]::Exists($Path)) { [System.IO.File]::Replace($temporary, $Path, "$Path.old") }
            else { [System.IO.File]::Move($temporary, $Path) }
            break
        }
        catch [System.IO.IOException], [System.UnauthorizedAccessException] {
            # A scanner or a reader of another kind holds it for a moment, or a deletion is pending.
            if ($attempt -ge $script:FileAttempts) { throw }
            Microsoft.PowerShell.Utility\Start-Sleep -Milliseconds 20
        }
    }
    Sync-FileName -Path $Path
    # One that cannot be removed now is overwritten by the next.
    try { [System.IO.File]::Delete("$Path.old") }
    catch [System.IO.IOException], [System.UnauthorizedAccessException] { return }
}

function Read-WholeFile {
    <#
    .SYNOPSIS
    The text of a file; null when there is none. A replacement that did not come to its end left the old text under another name.
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
            # None of both: or the replacement came to its end between the two looks.
            if ($null -ne $old -or -not [System.IO.File]::Exists($Path)) { return $old }
        }
        # Nothing was changed on this host yet, so there is no folder.
        catch [System.IO.DirectoryNotFoundException] { return $null }
        catch [System.IO.IOException], [System.UnauthorizedAccessException] {
            if ($attempt -ge $script:FileAttempts) { throw }
            Microsoft.PowerShell.Utility\Start-Sleep -Milliseconds 20
        }
    }
}
