# A cancellation is a marker file next to the journal, which the operation checks between its steps. Stopping the
# pipeline would lose its output.

function Get-MarkerPath {
    <#
    .SYNOPSIS
    Returns the path of an operation's marker file: cancelled, or running without a journal record.
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
    Marks an operation as cancelled.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Id)
    [void] (New-ExclusiveFile -Path (Get-MarkerPath -Kind 'cancel' -Id $Id -Create) -Text '')
}

function Test-CancelMarker {
    <#
    .SYNOPSIS
    Returns true if an operation is marked as cancelled.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [string] $Id)
    return [System.IO.File]::Exists((Get-MarkerPath -Kind 'cancel' -Id $Id))
}

function Enter-Watch {
    <#
    .SYNOPSIS
    Marks a watch as running if the data folder exists. A watch does not create the folder.
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
    Returns true if a watch is cancelled: by its marker, or by a cancellation that arrived before the folder existed.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [string] $Id)
    return (Test-CancelMarker -Id $Id) -or [System.IO.File]::Exists((Get-JournalPath -Id $Id))
}

function Clear-CancelMarker {
    <#
    .SYNOPSIS
    Removes the marker of an operation that has ended.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Id)
    $path = Get-MarkerPath -Kind 'cancel' -Id $Id
    if ([System.IO.File]::Exists($path)) { [System.IO.File]::Delete($path) }
}
