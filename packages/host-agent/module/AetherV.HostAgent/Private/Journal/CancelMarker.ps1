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
        [Parameter(Mandatory)] [ValidatePattern('\A[0-9a-f-]{36}\z')] [string] $Id
    )
    return [System.IO.Path]::Combine((Get-DataFolder -Name $Kind), $Id)
}

function Set-CancelMarker {
    <#
    .SYNOPSIS
    Marks an operation as to be cancelled.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Id)
    [void] (New-ExclusiveFile -Path (Get-MarkerPath -Kind 'cancel' -Id $Id) -Text '')
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
    [System.IO.File]::Delete((Get-MarkerPath -Kind 'cancel' -Id $Id))
}

function Enter-ActiveOperation {
    <#
    .SYNOPSIS
    Says that an operation without a journal runs in this process, so that it can be cancelled.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Id)
    $path = Get-MarkerPath -Kind 'active' -Id $Id
    [void] (New-ExclusiveFile -Path $path -Text (ConvertTo-AgentJson -Value (Get-OwnProcess)))
}

function Exit-ActiveOperation {
    <#
    .SYNOPSIS
    The end of what Enter-ActiveOperation began.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [string] $Id)
    [System.IO.File]::Delete((Get-MarkerPath -Kind 'active' -Id $Id))
    Clear-CancelMarker -Id $Id
}

function Test-ActiveOperation {
    <#
    .SYNOPSIS
    Whether an operation without a journal is running. One whose process has died is forgotten.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [string] $Id)
    $text = Read-WholeFile -Path (Get-MarkerPath -Kind 'active' -Id $Id)
    if ($null -eq $text) { return $false }
    if (Test-OwnerAlive -Owner (ConvertFrom-AgentJson -Text $text)) { return $true }
    Exit-ActiveOperation -Id $Id
    return $false
}
