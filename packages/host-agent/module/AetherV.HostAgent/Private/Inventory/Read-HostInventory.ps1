function New-InventoryMemory {
    <#
    .SYNOPSIS
    What a watch remembers between its looks; an inventory begins with nothing and forgets all.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param()
    return @{ Facts = $null; Started = @{}; Switches = @{}; Clustered = $false; HostId = ''; Host = $null; HostSaid = ''; Unnamed = @(); UsageProblems = @(); RoleFailure = $null; Sent = @{}; Seen = @{}; Roles = $null; RolesDue = [long]0; RolesSettled = [long]0; RoleMembers = ''; RoleStates = ''; Tolerant = $false }
}

function Read-VmFacts {
    <#
    .SYNOPSIS
    Leaves the facts of these VMs (all, if none are named) in $Memory.Facts, by GUID in upper case and in Hyper-V's order. Writes signs of life
    where there is a context: disks may take long.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [AllowNull()] [hashtable] $Context = $null,
        [Parameter(Mandatory)] [hashtable] $Memory,
        [AllowEmptyCollection()] [string[]] $VmId = @()
    )
    # A watch has just looked whether they moved.
    if ($null -eq $Memory.Roles -or $VmId.Length -eq 0) { Read-RoleMemory -Memory $Memory }
    $source = Read-VmSource -VmId $VmId -Tolerant:$Memory.Tolerant
    if ($null -ne $Memory.RoleFailure) { $source.Failed += $Memory.RoleFailure }
    $live = @{
        At = Get-HostTime; Summaries = @{}; Disks = @{}; Switches = $Memory.Switches; Started = $Memory.Started
        Roles = $Memory.Roles
    }
    $summaries = @(try { Get-VmSummary }
        catch {
            if (-not $Memory.Tolerant -or $null -ne (Get-HyperVOutage)) { throw }
            $source.Failed += @{ Part = 'startedAt'; Message = "Msvm_SummaryInformation cannot be read: $($_.Exception.Message)" }
        })
    foreach ($summary in $summaries) { if ($null -ne $summary) { $live.Summaries[[string]$summary.Name] = $summary } }
    Read-DiskTable -Context $Context -Table $live.Disks -Path (Get-DiskPath -Source $source) -WithSize
    $facts = [ordered]@{}
    $unnamed = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($id in $source.Order) {
        if ($VmId.Length -gt 0 -and $VmId -notcontains $id) { continue }
        # Without its GUID no operation can name a VM.
        if (-not (Test-VmGuid -Text $id)) {
            [void] $unnamed.Add("A VM without a GUID is left out: $(Get-ShownValue -Value $source.Settings[$id].ElementName), $(Get-ShownValue -Value $id).")
            continue
        }
        # A VM that is just being made or deleted has settings and no system, or the other way round.
        if ($source.Systems.ContainsKey($id)) { $facts[$id] = ConvertTo-VmFacts -Id $id -Source $source -Live $live }
    }
    # While vmms stops or starts, answers are empty or partial: they say nothing about what there is.
    Assert-HyperVAnswering
    $Memory.Facts = $facts
    if ($VmId.Length -eq 0) { $Memory.Unnamed = $unnamed.ToArray() }
}

function Test-VmGuid {
    <#
    .SYNOPSIS
    Whether a text is the GUID that names a VM.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Text)
    return $Text -match '\A[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\z'
}

function Write-HostItem {
    <#
    .SYNOPSIS
    The host's own items: itself and its cluster. Remembers what VMs need of them.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [hashtable] $Memory
    )
    $read = Read-HostFacts -Tolerant:$Memory.Tolerant -ClusterId $(if ($null -ne $Memory.Host) { $Memory.Host['clusterId'] })
    $Memory.Switches = $read.Switches
    $Memory.Clustered = $read.Clustered
    $Memory.HostId = $read.Host['hostId']
    $Memory.Host = $read.Host
    $Memory.HostSaid = ''
    Write-HostProblem -Context $Context -Memory $Memory
    if ($null -ne $read.Cluster) { Write-ItemLine -Context $Context -Item ([ordered]@{ kind = 'cluster'; cluster = $read.Cluster }) }
}

function Write-HostProblem {
    <#
    .SYNOPSIS
    The host, with what was found out about it since it was read: VMs without a GUID, and what of its usage is not known. Nothing where that was
    said already.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [hashtable] $Memory
    )
    $problems = [System.Collections.ArrayList]@($Memory.Host['problems'])
    foreach ($message in $Memory.Unnamed) { Add-FactProblem -Problem $problems -Part 'vms' -Message $message }
    foreach ($one in $Memory.UsageProblems) { Add-FactProblem -Problem $problems -Part $one['part'] -Message $one['message'] }
    $said = ConvertTo-AgentJson -Value $problems
    if ($said -ceq $Memory.HostSaid) { return }
    $Memory.HostSaid = $said
    $facts = [ordered]@{}
    foreach ($entry in $Memory.Host.GetEnumerator()) { $facts[[string]$entry.Key] = $entry.Value }
    $facts['problems'] = $problems.ToArray()
    Write-ItemLine -Context $Context -Item ([ordered]@{ kind = 'host'; host = $facts })
}
