function Assert-Fence {
    <#
    .SYNOPSIS
    Throws fenced if a request has a smaller fence than the highest one seen, and stores the highest one.
    .DESCRIPTION
    Read-only operations do not create the journal: on a host without one they are not fenced.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [AllowNull()] [object] $Fence,
        [Parameter(Mandatory)] [string] $Op
    )
    if ($null -eq $Fence) { return }
    $folder = Get-DataFolder -Name 'journal' -Create:(Test-MutatingOperation -Op $Op)
    if (-not [System.IO.Directory]::Exists($folder)) { return }
    $path = [System.IO.Path]::Combine($folder, 'fence')
    $stream = Open-AloneFile -Path $path
    try {
        $buffer = [byte[]]::new(32)
        $length = $stream.Read($buffer, 0, $buffer.Length)
        $seen = [long]0
        [void] [long]::TryParse([System.Text.Encoding]::ASCII.GetString($buffer, 0, $length), [ref] $seen)
        if ($Fence -lt $seen) {
            throw (New-OperationFailure -Code 'fenced' -Message "The request has fence $Fence, but this host has already seen fence ${seen}: another instance of the service has taken over.")
        }
        if ($Fence -eq $seen) { return }
        # Padded to a fixed length: a process that dies while writing leaves no smaller fence.
        $text = ([long]$Fence).ToString([System.Globalization.CultureInfo]::InvariantCulture).PadLeft(20, '0')
        $bytes = [System.Text.Encoding]::ASCII.GetBytes($text)
        [void] $stream.Seek(0, [System.IO.SeekOrigin]::Begin)
        $stream.Write($bytes, 0, $bytes.Length)
        $stream.Flush($true)
    }
    finally { $stream.Dispose() }
}

function Open-AloneFile {
    <#
    .SYNOPSIS
    Opens a file for reading and writing without sharing, and retries while another process has it open.
    #>
    [CmdletBinding()]
    [OutputType([System.IO.FileStream])]
    param([Parameter(Mandatory)] [string] $Path)
    for ($attempt = 1; ; $attempt++) {
        try {
            return [System.IO.FileStream]::new($Path, [System.IO.FileMode]::OpenOrCreate, [System.IO.FileAccess]::ReadWrite, [System.IO.FileShare]::None)
        }
        catch [System.IO.IOException] {
            if ($attempt -ge 10 * $script:FileAttempts) { throw }
            Microsoft.PowerShell.Utility\Start-Sleep -Milliseconds 20
        }
    }
}
