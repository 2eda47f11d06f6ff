function New-InventoryMemory {
    <#
    .SYNOPSIS
    Creates the state that a watch keeps between its polls. An inventory uses it once.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param()
    return @{ Facts = $null; Started = @{}; Switches = @{}; Clustered = $false; HostId = ''; Host = $null; HostSaid = ''; Unnamed = @(); UsageProblems = @(); RoleFailure = $null; Sent = @{}; Seen = @{}; Roles = $null; RolesDue = [long]0; RolesSettled = [long]0; RoleMembers = ''; RoleStates = ''; Tolerant = $false }
}

function Read-VmFacts {
    <#
    .SYNOPSIS
    Reads the facts of these VMs (all, if none are named) into $Memory.Facts, by GUID in upper case and in Hyper-V's
    order. Writes heartbeats if a context is given, because disks may take long.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [AllowNull()] [hashtable] $Context = $null,
        [Parameter(Mandatory)] [hashtable] $Memory,
        [AllowEmptyCollection()] [string[]] $VmId = @()
    )
    # A watch has just checked the roles.
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
        # An operation cannot name a VM without its GUID.
        if (-not (Test-VmGuid -Text $id)) {
            [void] $unnamed.Add("A VM without a GUID is left out: $(Get-ShownValue -Value $source.Settings[$id].ElementName), $(Get-ShownValue -Value $id).")
            continue
        }
        # A VM that is being created or deleted may have settings without a system, or a system without settings.
        if ($source.Systems.ContainsKey($id)) { $facts[$id] = ConvertTo-VmFacts -Id $id -Source $source -Live $live }
    }
    # While vmms stops or starts, answers are empty or partial and say nothing about which VMs exist.
    Assert-HyperVAnswering
    $Memory.Facts = $facts
    if ($VmId.Length -eq 0) { $Memory.Unnamed = $unnamed.ToArray() }
}

function Test-VmGuid {
    <#
    .SYNOPSIS
    Returns true if a text is the GUID of a VM.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [AllowEmptyString()] [string] $Text)
    return $Text -match '\A[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\z'
}

function Write-HostItem {
    <#
    .SYNOPSIS
    Writes the items of the host and its cluster. Keeps the host facts that VMs need.
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
    Writes the host item again if its problems have changed since: VMs without a GUID, unknown usage.
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
