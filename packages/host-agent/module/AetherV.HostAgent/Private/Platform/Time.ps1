# Clock, stopwatch and waiting. Tests replace these functions, so that minutes pass at once.

# The effect of a job may show seconds after its end, and a merge may start late (measured on real hosts by
# charlespick/hyper-v-csi). An operation checks the host for this long before it decides.
$script:SettleMilliseconds = 10000
$script:SettlePollMilliseconds = 2000

function Get-HostTime {
    <#
    .SYNOPSIS
    Returns the current time of the host's clock in UTC.
    #>
    [CmdletBinding()]
    [OutputType([datetime])]
    param()
    return [datetime]::UtcNow
}

function Get-MonotonicMilliseconds {
    <#
    .SYNOPSIS
    Returns the milliseconds of a monotonic clock, for timeouts.
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param()
    # Stopwatch uses the performance counter, which clock changes do not affect.
    return [long][System.Math]::Floor([System.Diagnostics.Stopwatch]::GetTimestamp() * 1000.0 / [System.Diagnostics.Stopwatch]::Frequency)
}

function Wait-HostTime {
    <#
    .SYNOPSIS
    Waits for a number of milliseconds. A stopped pipeline ends here.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [int] $Milliseconds)
    Microsoft.PowerShell.Utility\Start-Sleep -Milliseconds $Milliseconds
}

function ConvertTo-Timestamp {
    <#
    .SYNOPSIS
    Converts a time to a timestamp of the contract (RFC 3339, UTC); null for null.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [AllowNull()] [object] $Time)
    if ($null -eq $Time) { return $null }
    return ([datetime]$Time).ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", [System.Globalization.CultureInfo]::InvariantCulture)
}

function ConvertFrom-Timestamp {
    <#
    .SYNOPSIS
    Converts a timestamp of the contract to a UTC time.
    #>
    [CmdletBinding()]
    [OutputType([datetime])]
    param([Parameter(Mandatory)] [string] $Text)
    $styles = [System.Globalization.DateTimeStyles]::AdjustToUniversal -bor [System.Globalization.DateTimeStyles]::AssumeUniversal
    return [datetime]::Parse($Text, [System.Globalization.CultureInfo]::InvariantCulture, $styles)
}
