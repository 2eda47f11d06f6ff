# Polling instead of subscribing: a subscription to modification events of Msvm_ComputerSystem ends silently when vmms
# or WMI restarts, and two queries for all VMs every two seconds are cheaper than one cmdlet for one VM.
$script:LookMilliseconds = 2000

function Watch-HostInventory {
    <#
    .SYNOPSIS
    Streams the inventory and its changes.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Context)
    $request = $Context.Request
    $memory = New-InventoryMemory
    $memory.Tolerant = $true
    Write-HostItem -Context $Context -Memory $memory
    Update-SeenVm -Memory $memory -Seen (Get-ChangeToken -Memory $memory)
    Read-VmFacts -Context $Context -Memory $memory
    Write-HostProblem -Context $Context -Memory $memory
    Write-ChangedVm -Context $Context -Memory $memory
    Write-SyncedItem -Context $Context -Memory $memory
    $reconcileAt = (Get-MonotonicMilliseconds) + 1000 * $request['reconcileSeconds']
    $usageAt = [long]::MaxValue
    if ($null -ne $request['usageSeconds']) {
        $usageAt = (Get-MonotonicMilliseconds) + 1000 * $request['usageSeconds']
        Write-UsageItem -Context $Context -Memory $memory
    }
    while ($true) {
        $now = Get-MonotonicMilliseconds
        $next = [System.Math]::Min([System.Math]::Min($reconcileAt, $usageAt), $now + $script:LookMilliseconds)
        $left = Get-TimeLeft -Context $Context
        if ($left -le 0) { $Context.Result = [ordered]@{ reason = 'timeout' }; return }
        Wait-HostTime -Milliseconds ([System.Math]::Max(1, [System.Math]::Min($left, $next - $now)))
        Enter-Watch -Context $Context
        if (Test-WatchCancelled -Id $Context.Id) { $Context.Result = [ordered]@{ reason = 'cancelled' }; return }
        if ((Get-TimeLeft -Context $Context) -le 0) { $Context.Result = [ordered]@{ reason = 'timeout' }; return }
        Write-DueHeartbeat -Context $Context
        Write-WhatChanged -Context $Context -Memory $memory
        $now = Get-MonotonicMilliseconds
        if ($now -ge $usageAt) {
            $usageAt = $now + 1000 * $request['usageSeconds']
            Write-UsageItem -Context $Context -Memory $memory
        }
        if ($now -ge $reconcileAt) {
            $reconcileAt = $now + 1000 * $request['reconcileSeconds']
            Write-HostItem -Context $Context -Memory $memory
            Read-VmFacts -Context $Context -Memory $memory
            Write-HostProblem -Context $Context -Memory $memory
            Write-ChangedVm -Context $Context -Memory $memory
            Write-SyncedItem -Context $Context -Memory $memory
        }
    }
}

function Get-ChangeToken {
    <#
    .SYNOPSIS
    Returns a token for each VM that changes with its facts, but not with uptime and usage alone.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [hashtable] $Memory)
    $summaries = @{}
    foreach ($summary in Get-VmSummary) { if ($null -ne $summary -and (Test-VmGuid -Text "$($summary.Name)")) { $summaries[[string]$summary.Name] = $summary } }
    # The host is a computer system too, but has no summary.
    $systems = @(foreach ($system in Get-VirtualizationInstance -ClassName 'Msvm_ComputerSystem') { if ($summaries.ContainsKey([string]$system.Name)) { $system } })
    Update-RoleMemory -Memory $Memory -PowerStates (@(foreach ($system in $systems) { "$($system.Name) $($system.EnabledState)" }) -join ',')
    $tokens = @{}
    foreach ($system in $systems) {
        $id = [string]$system.Name
        $summary = $summaries[$id]
        $role = $Memory.Roles[$id]
        $tokens[$id] = @(
            $system.ElementName, $system.EnabledState, $system.OtherEnabledState, (@($system.OperationalStatus) -join '.'), $system.HealthState
            (Get-MomentToken -Value $system.TimeOfLastConfigurationChange), (Get-MomentToken -Value $system.TimeOfLastStateChange)
            $summary.Heartbeat, $summary.GuestOperatingSystem, (Get-TaskPercent -Summary $summary)
            $(if ($null -ne $role) { "$($role['state']) $($role['ownerNode'])" })
        ) -join '|'
    }
    return $tokens
}

function Get-MomentToken {
    <#
    .SYNOPSIS
    Returns a text for a time that differs for different times, even if WMI returns an odd value.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [AllowNull()] [object] $Value)
    if ($Value -is [datetime]) { return ConvertTo-Timestamp -Time $Value }
    return "$Value"
}

function Update-SeenVm {
    <#
    .SYNOPSIS
    Keeps the tokens of a poll.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Memory,
        [Parameter(Mandatory)] [hashtable] $Seen
    )
    $Memory.Seen = $Seen
}

function Write-WhatChanged {
    <#
    .SYNOPSIS
    Compares the tokens of all VMs, and reads the VMs whose token changed.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [hashtable] $Memory
    )
    $tokens = Get-ChangeToken -Memory $Memory
    $moved = @(foreach ($id in $tokens.Keys) { if ($Memory.Seen[$id] -cne $tokens[$id]) { $id } })
    $gone = @(Get-GoneVm -Memory $Memory -Seen $tokens)
    # While vmms stops or starts, its answers lack VMs. A VM is removed only if Hyper-V responds and two answers lack
    # it.
    if ($gone.Length -gt 0) {
        Assert-HyperVAnswering
        $tokens = Get-ChangeToken -Memory $Memory
        $moved = @(foreach ($id in $tokens.Keys) { if ($Memory.Seen[$id] -cne $tokens[$id]) { $id } })
        $gone = @(Get-GoneVm -Memory $Memory -Seen $tokens)
    }
    Update-SeenVm -Memory $Memory -Seen $tokens
    if ($moved.Length -gt 0) {
        Read-VmFacts -Context $Context -Memory $Memory -VmId $moved
        Write-ChangedVm -Context $Context -Memory $Memory
    }
    foreach ($id in $gone) {
        $Memory.Sent.Remove($id)
        Write-ItemLine -Context $Context -Item ([ordered]@{ kind = 'vm-removed'; vmId = $id.ToLowerInvariant() })
    }
}

function Get-GoneVm {
    <#
    .SYNOPSIS
    Returns the VMs of the previous poll that are missing now.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Memory,
        [Parameter(Mandatory)] [hashtable] $Seen
    )
    foreach ($id in $Memory.Seen.Keys) { if (-not $Seen.ContainsKey($id)) { $id } }
}

function Write-ChangedVm {
    <#
    .SYNOPSIS
    Writes items for the VMs that were just read and differ from their last item.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [hashtable] $Memory
    )
    $facts = $Memory.Facts
    foreach ($id in $facts.Keys) {
        $json = ConvertTo-AgentJson -Value $facts[[string]$id]
        if ($Memory.Sent[$id] -ceq $json) { continue }
        $Memory.Sent[$id] = $json
        Write-VmItem -Context $Context -Facts $facts[[string]$id]
    }
}

function Write-SyncedItem {
    <#
    .SYNOPSIS
    Writes the list of existing VMs; all others are removed.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [hashtable] $Memory
    )
    $ids = @(foreach ($id in $Memory.Sent.Keys) { $id.ToLowerInvariant() })
    Write-ItemLine -Context $Context -Item ([ordered]@{ kind = 'synced'; vmIds = $ids })
}
