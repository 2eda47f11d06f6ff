# The package of an agent: gzip of JSON, text by path. Sent to hosts with AgentFolder.ps1. The service is trusted with what it sends; what a
# host downloads is bounded before it is compared with the hashes of the service.
Microsoft.PowerShell.Core\Set-StrictMode -Version Latest

$script:DownloadSeconds = 120
$script:MaxPackageBytes = 8388608
$script:MaxExpandedBytes = 33554432
$script:MaxFiles = 2000

function Read-Bounded {
    <#
    .SYNOPSIS
    The bytes of a stream, up to a limit in bytes and in time.
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
        if ($bytes.Length -gt $Limit) { throw "$Name is longer than $Limit bytes: too long for an agent." }
        if ($watch.ElapsedMilliseconds -gt 1000 * $script:DownloadSeconds) { throw "$Name took longer than $($script:DownloadSeconds) seconds." }
    }
    return , $bytes.ToArray()
}

function Read-AgentPackage {
    <#
    .SYNOPSIS
    The package as it was sent, or as it lies at an address.
    #>
    [CmdletBinding()]
    [OutputType([byte[]])]
    param(
        [AllowNull()] [AllowEmptyString()] [string] $Package,
        [AllowNull()] [AllowEmptyString()] [string] $Url
    )
    if ([string]::IsNullOrEmpty($Url)) { return , [System.Convert]::FromBase64String($Package) }
    # Windows PowerShell offers TLS 1.0 alone unless it is told to.
    [System.Net.ServicePointManager]::SecurityProtocol = [System.Net.ServicePointManager]::SecurityProtocol -bor [System.Net.SecurityProtocolType]::Tls12
    # Not Invoke-WebRequest: it reads an answer to its end, however long that is.
    $request = [System.Net.WebRequest]::Create($Url)
    $request.Timeout = 1000 * $script:DownloadSeconds
    $answer = $request.GetResponse()
    try { return , (Read-Bounded -Stream $answer.GetResponseStream() -Limit $script:MaxPackageBytes -Name $Url) }
    finally { $answer.Dispose() }
}

function Expand-AgentPackage {
    <#
    .SYNOPSIS
    Writes the files of a package into a folder; only those that the manifest names, letter for letter.
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
    if ($files.Length -gt $script:MaxFiles) { throw "The package holds $($files.Length) files: too many for an agent." }
    foreach ($file in $files) {
        if (-not $Manifest.ContainsKey($file.Name)) { throw "The package holds $($file.Name), which is no file of the agent." }
        $path = [System.IO.Path]::Combine($Folder, $file.Name.Replace('/', [string][System.IO.Path]::DirectorySeparatorChar))
        [void] [System.IO.Directory]::CreateDirectory([System.IO.Path]::GetDirectoryName($path))
        [System.IO.File]::WriteAllText($path, [string]$file.Value)
    }
}

function ConvertTo-Manifest {
    <#
    .SYNOPSIS
    The SHA-256 of each file by its path, out of JSON. A path has letters, digits, dots, hyphens and slashes, and leads down.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [string] $Json)
    # Paths that differ in case alone are different: on Windows they would be one file.
    $manifest = [hashtable]::new([System.StringComparer]::Ordinal)
    foreach ($entry in (Microsoft.PowerShell.Utility\ConvertFrom-Json -InputObject $Json).PSObject.Properties) {
        if ($entry.Name.Length -gt 150 -or $entry.Name -notmatch '\A[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*\z') { throw "$($entry.Name) is no path of an agent's file." }
        $manifest[$entry.Name] = [string]$entry.Value
    }
    if ($manifest.Count -gt $script:MaxFiles) { throw "The agent has $($manifest.Count) files: too many." }
    return $manifest
}
