# The package of an agent: gzip of JSON, file text by path. Sent to hosts with AgentFolder.ps1. A package from the
# service is trusted; a downloaded one is limited in size and compared with the hashes of the service.
Microsoft.PowerShell.Core\Set-StrictMode -Version Latest

$script:DownloadSeconds = 120
$script:MaxPackageBytes = 8388608
$script:MaxExpandedBytes = 33554432
$script:MaxFiles = 2000

function Read-Bounded {
    <#
    .SYNOPSIS
    Reads the bytes of a stream, up to a limit in bytes and in time.
    #>
    [CmdletBinding()]
    [OutputType([byte[]])]
    param(
        [Parameter(Mandatory)] [System.IO.Stream] $Stream,
        [Parameter(Mandatory)] [int] $Limit,
        [Parameter(Mandatory)] [string] $Name
    )
    $bytes = [System.IO.MemoryStream]::new()
    $buffer = [byte[]]::new(65536)
    $watch = [System.Diagnostics.Stopwatch]::StartNew()
    while (($read = $Stream.Read($buffer, 0, $buffer.Length)) -gt 0) {
        $bytes.Write($buffer, 0, $read)
        if ($bytes.Length -gt $Limit) { throw "$Name exceeds the limit of $Limit bytes." }
        if ($watch.ElapsedMilliseconds -gt 1000 * $script:DownloadSeconds) { throw "Reading $Name took longer than $($script:DownloadSeconds) seconds." }
    }
    return , $bytes.ToArray()
}

function Read-AgentPackage {
    <#
    .SYNOPSIS
    Returns the package that was sent, or downloads it.
    #>
    [CmdletBinding()]
    [OutputType([byte[]])]
    param(
        [AllowNull()] [AllowEmptyString()] [string] $Package,
        [AllowNull()] [AllowEmptyString()] [string] $Url
    )
    if ([string]::IsNullOrEmpty($Url)) { return , [System.Convert]::FromBase64String($Package) }
    # Windows PowerShell offers only TLS 1.0 by default.
    [System.Net.ServicePointManager]::SecurityProtocol = [System.Net.ServicePointManager]::SecurityProtocol -bor [System.Net.SecurityProtocolType]::Tls12
    # Not Invoke-WebRequest: it reads a response to its end without a limit.
    $request = [System.Net.WebRequest]::Create($Url)
    $request.Timeout = 1000 * $script:DownloadSeconds
    $answer = $request.GetResponse()
    try { return , (Read-Bounded -Stream $answer.GetResponseStream() -Limit $script:MaxPackageBytes -Name $Url) }
    finally { $answer.Dispose() }
}

function Expand-AgentPackage {
    <#
    .SYNOPSIS
    Writes the files of a package to a folder. Throws for a file that is not in the manifest (case-sensitive).
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [byte[]] $Package,
        [Parameter(Mandatory)] [string] $Folder,
        [Parameter(Mandatory)] [hashtable] $Manifest
    )
    $gzip = [System.IO.Compression.GZipStream]::new([System.IO.MemoryStream]::new($Package), [System.IO.Compression.CompressionMode]::Decompress)
    try { $text = [System.Text.Encoding]::UTF8.GetString((Read-Bounded -Stream $gzip -Limit $script:MaxExpandedBytes -Name 'The package')) }
    finally { $gzip.Dispose() }
    $files = @((Microsoft.PowerShell.Utility\ConvertFrom-Json -InputObject $text).PSObject.Properties)
    if ($files.Length -gt $script:MaxFiles) { throw "The package contains $($files.Length) files, more than the limit of $($script:MaxFiles)." }
    foreach ($file in $files) {
        if (-not $Manifest.ContainsKey($file.Name)) { throw "The package contains $($file.Name), which is not a file of the agent." }
        $path = [System.IO.Path]::Combine($Folder, $file.Name.Replace('/', [string][System.IO.Path]::DirectorySeparatorChar))
        [void] [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($path))
        [System.IO.File]::WriteAllText($path, [string]$file.Value)
    }
}

function ConvertTo-Manifest {
    <#
    .SYNOPSIS
    Converts JSON to the SHA-256 of each file by its path. A path consists of letters, digits, dots, hyphens,
    underscores and slashes, and stays below the folder.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [string] $Json)
    # Paths that differ only in case are different here, although Windows treats them as one file.
    $manifest = [hashtable]::new([System.StringComparer]::Ordinal)
    foreach ($entry in (Microsoft.PowerShell.Utility\ConvertFrom-Json -InputObject $Json).PSObject.Properties) {
        if ($entry.Name.Length -gt 150 -or $entry.Name -notmatch '\A[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\z') { throw "$($entry.Name) is not a valid path of an agent file." }
        $manifest[$entry.Name] = [string]$entry.Value
    }
    if ($manifest.Count -gt $script:MaxFiles) { throw "The agent has $($manifest.Count) files, more than the limit of $($script:MaxFiles)." }
    return $manifest
}
