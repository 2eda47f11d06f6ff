# Two hundred bytes a sample: far below the limit of a line.
$script:SamplesPerItem = 500

function Write-UsageItem {
    <#
    .SYNOPSIS
    What the host and its live VMs use now.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [hashtable] $Memory
    )
    $at = ConvertTo-Timestamp -Time (Get-HostTime)
    $samples = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($summary in Get-VmSummary) {
        if ($null -eq $summary.UpTime -or [long]$summary.UpTime -eq 0) { continue }
        [void] $samples.Add((ConvertTo-UsageSample -Summary $summary -At $at))
    }
    $load = Get-HostInstance -ClassName 'Win32_PerfFormattedData_HvStats_HyperVHypervisorLogicalProcessor' -Filter "Name='_Total'"
    $os = Get-HostInstance -ClassName 'Win32_OperatingSystem'
    $usage = [ordered]@{
        hostId = $Memory.HostId; sampledAt = $at
        cpuPercent = Limit-Percent -Value $(if ($null -eq $load) { 0 } else { $load.PercentTotalRunTime })
        memoryAvailable = [long]$os.FreePhysicalMemory * 1024
    }
    for ($from = 0; $from -eq 0 -or $from -lt $samples.Count; $from += $script:SamplesPerItem) {
        $count = [System.Math]::Min($script:SamplesPerItem, $samples.Count - $from)
        $item = [ordered]@{ kind = 'usage'; host = $(if ($from -eq 0) { $usage } else { $null }); vms = $samples.GetRange($from, $count).ToArray() }
        Write-ItemLine -Context $Context -Item $item
    }
}

function ConvertTo-UsageSample {
    <#
    .SYNOPSIS
    One VM's sample. MemoryUsage is in megabytes; MemoryAvailable is the part of it, in percent, that the guest has to spare, and
    nonsense where the guest does not say.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [object] $Summary,
        [Parameter(Mandatory)] [string] $At
    )
    $assigned = [long]$Summary.MemoryUsage * $script:MegabyteBytes
    $spare = $Summary.MemoryAvailable
    $demand = if ($null -eq $spare -or $spare -lt -100 -or $spare -gt 100) { $null } else { [long]($assigned * (100 - $spare) / 100) }
    return [ordered]@{
        vmId = "$($Summary.Name)".ToLowerInvariant(); sampledAt = $At; cpuPercent = Limit-Percent -Value $Summary.ProcessorLoad
        memoryAssigned = $assigned; memoryDemand = $demand
    }
}

function Limit-Percent {
    <#
    .SYNOPSIS
    A percentage from 0 to 100.
    #>
    [CmdletBinding()]
    [OutputType([double])]
    param([Parameter(Mandatory)] [AllowNull()] [object] $Value)
    if ($null -eq $Value) { return [double]0 }
    return [System.Math]::Min([double]100, [System.Math]::Max([double]0, [double]$Value))
}
