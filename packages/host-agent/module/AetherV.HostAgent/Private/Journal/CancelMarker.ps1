# Cancelling is a marker beside the journal that the operation sees between its steps; stopping its pipeline would throw its
# output away.

function Get-MarkerPath {
    <#
    .SYNOPSIS
    The file that marks an operation as to be cancelled, or as running without a journal.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [ValidateSet('cancel', 'active')] [string] $Kind,
        [Parameter(Mandatory)] [ValidatePattern('\A[0-9a-f-]{36}\z')] [string] $Id,
        [switch] $Create
    )
    return [System.IO.Path]::Combine((Get-DataFolder -Name $Kind -Create:$Create), $Id)
}

function Set-CancelMarker {
    <#
    .SYNOPSIS
    Marks an operation as to be cancelled.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Id)
    [void] (New-ExclusiveFile -Path (Get-MarkerPath -Kind 'cancel' -Id $Id -Create) -Text '')
}

function Test-CancelMarker {
    <#
    .SYNOPSIS
    Whether an operation is to be cancelled.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [string] $Id)
    return [System.IO.File]::Exists((Get-MarkerPath -Kind 'cancel' -Id $Id))
}

function Enter-Watch {
    <#
    .SYNOPSIS
    Shows that a watch is under way, once there is a folder: watching makes none on a host that was never changed.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Context)
    if ($null -ne $Context.Lock) { return }
    $root = [System.IO.Path]::GetDirectoryName((Get-DataFolder -Name 'active'))
    if (-not [System.IO.Directory]::Exists($root)) { return }
    [void] (Enter-Operation -Context $Context -Id $Context.Id)
}

function Test-WatchCancelled {
    <#
    .SYNOPSIS
    Whether a watch is to end: it was marked, or barred by a cancel that came before there was a folder.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [string] $Id)
    return (Test-CancelMarker -Id $Id) -or [System.IO.File]::Exists((Get-JournalPath -Id $Id))
}

function Clear-CancelMarker {
    <#
    .SYNOPSIS
    Takes the marker of an operation that has ended away.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Id)
    $path = Get-MarkerPath -Kind 'cancel' -Id $Id
    if ([System.IO.File]::Exists($path)) { [System.IO.File]::Delete($path) }
}
