# Reads virtual hard disks by Msvm_ImageManagementService, which takes paths literally. Get-VHD treats a path as a
# pattern, and reads many files in one call without a time limit. A single disk may hang for minutes (an unreachable
# share, a paused shared volume), so each read has a time limit, and a disk that exceeded it is skipped for a while.

$script:DiskTimeoutSeconds = 10
# The time limit of all disks of one reading together, and the number of disks in one place that may time out before the
# others in that place are skipped.
$script:DiskWaitMilliseconds = 30000
$script:HungDisksOfPlace = 2
$script:FirstDiskPauseMilliseconds = 60000
$script:LongestDiskPauseMilliseconds = 960000
# Disks that timed out in this process, by path key: the end and the length of their pause.
$script:HungDisks = @{}

function Read-DiskTable {
    <#
    .SYNOPSIS
    Reads disks and their parents into a table by path key. Writes heartbeats if a context is given.
    .DESCRIPTION
    Each entry has the facts of the disk, or a Problem; Hung is true if the disk did not answer. Existing entries are
    not read again. -Known are files whose parents are already known: these are not read.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [AllowNull()] [hashtable] $Context = $null,
        [Parameter(Mandatory)] [hashtable] $Table,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Path,
        [hashtable] $Known = @{},
        [switch] $WithSize
    )
    $state = @{ Waited = [long]0; Places = @{} }
    $level = @($Path)
    while ($level.Length -gt 0) {
        $next = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
        foreach ($file in $level) {
            $key = Get-PathKey -Path $file
            if ($Table.ContainsKey($key)) { continue }
            if ($Known.ContainsKey($key)) { $Table[$key] = @{ Path = $file; ParentPath = $Known[$key]; Problem = $null; Hung = $false; Format = $null; Type = $null; Size = $null; FileSize = $null } }
            else { $Table[$key] = Read-BoundedDisk -Path $file -State $state -WithSize:$WithSize }
            if (-not [string]::IsNullOrEmpty([string]$Table[$key].ParentPath)) { [void] $next.Add([string]$Table[$key].ParentPath) }
            if ($null -ne $Context) { Write-DueHeartbeat -Context $Context }
        }
        $level = $next.ToArray()
    }
}

function Read-BoundedDisk {
    <#
    .SYNOPSIS
    Reads one disk within the time limits. Sets Problem if it cannot be read, did not answer, or is skipped because it
    or others in its place did not answer.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [hashtable] $State,
        [switch] $WithSize
    )
    $key = Get-PathKey -Path $Path
    $place = Get-DiskPlace -Key $key
    $began = Get-MonotonicMilliseconds
    $entry = @{ Path = $Path; ParentPath = $null; Problem = $null; Hung = $true; Format = $null; Type = $null; Size = $null; FileSize = $null }
    if ($script:HungDisks.ContainsKey($key) -and $began -lt $script:HungDisks[$key].Until) {
        $entry.Problem = "`"$Path`" did not answer within $($script:DiskTimeoutSeconds) seconds; the agent tries again later."
        return $entry
    }
    if ($State.Waited -ge $script:DiskWaitMilliseconds -or $State.Places[$place] -ge $script:HungDisksOfPlace) {
        $entry.Problem = "`"$Path`" was not read, because other disks did not answer."
        return $entry
    }
    try {
        $entry = Read-VirtualDisk -Path $Path -WithSize:$WithSize
        $script:HungDisks.Remove($key)
        return $entry
    }
    catch {
        $waited = (Get-MonotonicMilliseconds) - $began
        $State.Waited += $waited
        # Providers report a timeout differently, so the elapsed time decides.
        if ($waited -lt 900 * $script:DiskTimeoutSeconds) {
            $script:HungDisks.Remove($key)
            $entry.Hung = $false
            $entry.Problem = "`"$Path`" cannot be read: $((ConvertTo-ErrorInfo -ErrorRecord $_)['message'])"
            return $entry
        }
        $State.Places[$place] = 1 + $State.Places[$place]
        $pause = if ($script:HungDisks.ContainsKey($key)) { [System.Math]::Min($script:LongestDiskPauseMilliseconds, 2 * $script:HungDisks[$key].Pause) } else { $script:FirstDiskPauseMilliseconds }
        $script:HungDisks[$key] = @{ Until = (Get-MonotonicMilliseconds) + $pause; Pause = $pause }
        $entry.Problem = "`"$Path`" did not answer within $($script:DiskTimeoutSeconds) seconds."
        return $entry
    }
}

function Get-DiskPlace {
    <#
    .SYNOPSIS
    Returns the place that a file may hang with: its share, shared volume or drive.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Key)
    return [System.Text.RegularExpressions.Regex]::Match($Key, '\A(\\\\[^\\]+\\[^\\]+|[A-Z]:\\CLUSTERSTORAGE\\[^\\]+|[^\\]*)').Value
}

function Read-VirtualDisk {
    <#
    .SYNOPSIS
    Reads format, type, size and parent of a disk from WMI, numbers as text, and with -WithSize the size of its file.
    Throws if the disk cannot be read.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [switch] $WithSize
    )
    $setting = Invoke-DiskQuery -Method 'GetVirtualHardDiskSettingData' -Path $Path
    $parent = Get-EmbeddedValue -Instance $setting -Name 'ParentPath'
    $disk = @{
        Path = $Path; Problem = $null; Hung = $false; ParentPath = $(if ([string]::IsNullOrEmpty($parent)) { $null } else { $parent }); FileSize = $null
        Format = Get-EmbeddedValue -Instance $setting -Name 'Format'; Type = Get-EmbeddedValue -Instance $setting -Name 'Type'
        Size = Get-EmbeddedValue -Instance $setting -Name 'MaxInternalSize'
    }
    if ($WithSize) { $disk.FileSize = Get-EmbeddedValue -Instance (Invoke-DiskQuery -Method 'GetVirtualHardDiskState' -Path $Path) -Name 'FileSize' }
    return $disk
}

function Invoke-DiskQuery {
    <#
    .SYNOPSIS
    Calls a query method of Msvm_ImageManagementService for a disk. Returns the embedded instance.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [ValidateSet('GetVirtualHardDiskSettingData', 'GetVirtualHardDiskState')] [string] $Method,
        [Parameter(Mandatory)] [string] $Path
    )
    $answer = CimCmdlets\Invoke-CimMethod -Namespace $script:VirtualizationNamespace -Query 'SELECT * FROM Msvm_ImageManagementService' -MethodName $Method -Arguments @{ Path = $Path } -OperationTimeoutSec $script:DiskTimeoutSeconds
    if ($null -eq $answer) { throw (New-OperationFailure -Code 'agent-error' -Message 'The image management service of Hyper-V is not available.' -Remedy 'Check that the service vmms runs on the host, then retry.') }
    if ($answer.ReturnValue -ne 0) { throw (New-OperationFailure -Code 'agent-error' -Message "Hyper-V cannot read the disk (code $([long]$answer.ReturnValue)).") }
    if ($Method -eq 'GetVirtualHardDiskState') { return $answer.State }
    return $answer.SettingData
}

function Get-EmbeddedValue {
    <#
    .SYNOPSIS
    Returns a property of an embedded instance, which is an object or its text (DMTF DSP0201); null if it has no value.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [object] $Instance,
        [Parameter(Mandatory)] [string] $Name
    )
    if (-not ($Instance -is [string])) { return [string]$Instance.CimInstanceProperties[$Name].Value }
    $document = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Xml.XmlDocument'
    $document.XmlResolver = $null
    $document.LoadXml($Instance)
    $value = $document.SelectSingleNode("//PROPERTY[@NAME='$Name']/VALUE")
    if ($null -eq $value) { return $null }
    return $value.InnerText
}
