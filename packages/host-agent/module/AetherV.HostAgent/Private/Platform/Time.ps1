# The three ways in which the agent meets time. Tests put others in their place, so that minutes pass at once.

# What a job did may show seconds after its end, and a merge may start as late: measured on real hosts (charlespick/hyper-v-csi). So an
# operation looks again for this long before it decides.
$script:SettleMilliseconds = 10000
$script:SettlePollMilliseconds = 2000

function Get-HostTime {
    <#
    .SYNOPSIS
    Now, by the host's clock, in UTC.
    #>
    [CmdletBinding()]
    [OutputType([datetime])]
    param()
    return [datetime]::UtcNow
}

function Get-MonotonicMilliseconds {
    <#
    .SYNOPSIS
    Milliseconds of a clock that nobody sets: what time-outs are counted by.
    #>
    [CmdletBinding()]
    [OutputType([long])]
    param()
    # .NET: Stopwatch uses the performance counter, which setting the clock does not touch.
    return [long][System.Math]::Floor([System.Diagnostics.Stopwatch]::GetTimestamp() * 1000.0 / [System.Diagnostics.Stopwatch]::Frequency)
}

function Wait-HostTime {
    <#
    .SYNOPSIS
    Lets so many milliseconds pass. A stopped pipeline ends here.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [int] $Milliseconds)
    Microsoft.PowerShell.Utility\Start-Sleep -Milliseconds $Milliseconds
}

function ConvertTo-Timestamp {
    <#
    .SYNOPSIS
    A moment as the contract writes it (RFC 3339, UTC); null for none.
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
    The moment that a timestamp of the contract names, in UTC.
    #>
    [CmdletBinding()]
    [OutputType([datetime])]
    param([Parameter(Mandatory)] [string] $Text)
    $styles = [System.Globalization.DateTimeStyles]::AdjustToUniversal -bor [System.Globalization.DateTimeStyles]::AssumeUniversal
    return [datetime]::Parse($Text, [System.Globalization.CultureInfo]::InvariantCulture, $styles)
}
