# About 200 bytes per sample, far below the size limit of a line.
$script:SamplesPerItem = 500

function Write-UsageItem {
    <#
    .SYNOPSIS
    Writes the current usage of the host and its running VMs. Leaves out what cannot be read and adds a problem to the
    host.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [hashtable] $Memory
    )
    $at = ConvertTo-Timestamp -Time (Get-HostTime)
    $samples = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    $problems = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    $given = @{ Part = 'usage'; Problem = $problems; Tolerant = $true }
    foreach ($summary in @(Read-HostPart @given -Source 'Msvm_SummaryInformation' -Read { Get-VmSummary })) {
        if (-not (Test-VmGuid -Text "$($summary.Name)")) { continue }
        if ($null -eq (ConvertTo-WholeNumber -Value $summary.UpTime -Minimum 1 -Maximum ([long]::MaxValue))) { continue }
        $sample = ConvertTo-UsageSample -Summary $summary -At $at
        if ($null -ne $sample) { [void] $samples.Add($sample) }
    }
    $counters = 'Win32_PerfFormattedData_HvStats_HyperVHypervisorLogicalProcessor'
    $before = $problems.Count
    $load = Read-HostPart @given -Source $counters -Property 'PercentTotalRunTime' -Read { Get-HostInstance -ClassName $counters -Filter "Name='_Total'" }
    $os = Read-HostPart @given -Source 'Win32_OperatingSystem' -Property 'FreePhysicalMemory' -Read { Get-HostInstance -ClassName 'Win32_OperatingSystem' }
    $isKnown = $problems.Count -eq $before
    $usage = [ordered]@{
        hostId = $Memory.HostId; sampledAt = $at
        cpuPercent = Limit-Percent -Value $(if ($null -eq $load) { 0 } else { $load.PercentTotalRunTime })
        memoryAvailable = 1024 * [long](ConvertTo-WholeNumber -Value $os.FreePhysicalMemory -Minimum 0 -Maximum 8796093022207)
    }
    for ($from = 0; $from -eq 0 -or $from -lt $samples.Count; $from += $script:SamplesPerItem) {
        $count = [System.Math]::Min($script:SamplesPerItem, $samples.Count - $from)
        $item = [ordered]@{ kind = 'usage'; host = $(if ($from -eq 0 -and $isKnown) { $usage } else { $null }); vms = $samples.GetRange($from, $count).ToArray() }
        Write-ItemLine -Context $Context -Item $item
    }
    $Memory.UsageProblems = $problems.ToArray()
    Write-HostProblem -Context $Context -Memory $Memory
}

function ConvertTo-UsageSample {
    <#
    .SYNOPSIS
    Converts the usage of one VM; null if its memory usage is invalid.
    .DESCRIPTION
    MemoryUsage is in megabytes. MemoryAvailable is the percentage of it that the guest can spare; it is meaningless if
    the guest does not report it.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [object] $Summary,
        [Parameter(Mandatory)] [string] $At
    )
    $megabytes = ConvertTo-WholeNumber -Value $Summary.MemoryUsage -Minimum 0 -Maximum 1073741824
    if ($null -eq $megabytes) { return $null }
    $assigned = $megabytes * $script:MegabyteBytes
    $spare = ConvertTo-WholeNumber -Value $Summary.MemoryAvailable -Minimum -100 -Maximum 100
    $demand = if ($null -eq $spare) { $null } else { [long]($assigned * (100 - $spare) / 100) }
    return [ordered]@{
        vmId = "$($Summary.Name)".ToLowerInvariant(); sampledAt = $At; cpuPercent = Limit-Percent -Value $Summary.ProcessorLoad
        memoryAssigned = $assigned; memoryDemand = $demand
    }
}

function Limit-Percent {
    <#
    .SYNOPSIS
    Converts a value to a percentage from 0 to 100; 0 if it is not a number.
    #>
    [CmdletBinding()]
    [OutputType([double])]
    param([Parameter(Mandatory)] [AllowNull()] [object] $Value)
    try { $number = [double]$Value }
    catch { return [double]0 }
    if ([double]::IsNaN($number)) { return [double]0 }
    return [System.Math]::Min([double]100, [System.Math]::Max([double]0, $number))
}
