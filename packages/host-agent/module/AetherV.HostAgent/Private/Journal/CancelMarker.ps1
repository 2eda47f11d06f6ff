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
