function Get-OwnProcess {
    <#
    .SYNOPSIS
    Who we are for the journal: a process id means nothing without the moment at which the process began.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param()
    return [ordered]@{ pid = [long]$PID; startedAt = Get-ProcessStart -Id $PID }
}

function Get-ProcessStart {
    <#
    .SYNOPSIS
    When a process began, in seconds since 1970; null when there is none of that id, -1 when we may not know.
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param([Parameter(Mandatory)] [int] $Id)
    try { $process = [System.Diagnostics.Process]::GetProcessById($Id) }
    catch [System.ArgumentException] { return $null }
    try {
        $epoch = [datetime]::new(1970, 1, 1, 0, 0, 0, [System.DateTimeKind]::Utc)
        return [long][System.Math]::Round(($process.StartTime.ToUniversalTime() - $epoch).TotalSeconds)
    }
    # Another user's process: there it is, that much is known.
    catch [System.ComponentModel.Win32Exception] { return -1 }
    catch [System.InvalidOperationException] { return $null }
    finally { $process.Dispose() }
}

function Test-OwnerAlive {
    <#
    .SYNOPSIS
    Whether the process that an owner names is still that process.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [AllowNull()] [object] $Owner)
    if ($null -eq $Owner) { return $false }
    $started = Get-ProcessStart -Id ([int]$Owner['pid'])
    if ($null -eq $started) { return $false }
    return $started -eq -1 -or [System.Math]::Abs($started - $Owner['startedAt']) -le 2
}
