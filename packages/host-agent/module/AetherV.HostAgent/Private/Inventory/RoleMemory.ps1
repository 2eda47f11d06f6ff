# When the roles of a cluster are read again. Real hosts take about 19 ms for each resource of root\MSCluster (measured by the authors of
# charlespick/hyper-v-csi), which is 6 s on every node for 300 VMs; a look must not ask that. What can change a role without moving the
# token below (a group that an administrator puts on or off while its VM stays as it is) is seen at the next reconciliation.

# While things settle, roles are read at most so often ...
$script:RoleMilliseconds = 10000
# ... and until so long after the token moved: a group is pending for a while after its VM has changed.
$script:RoleSettleMilliseconds = 60000

function Update-RoleMemory {
    <#
    .SYNOPSIS
    Reads the roles of the cluster if something that moves them has happened.
    .DESCRIPTION
    The token: which VMs are roles (the cluster database in the registry, 0.04 ms each), and the power states of the VMs on this host.
    A VM that moves away is missed by the look itself.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Memory,
        [Parameter(Mandatory)] [AllowEmptyString()] [string] $PowerStates
    )
    if (-not $Memory.Clustered) { $Memory.Roles = @{}; return }
    $now = Get-MonotonicMilliseconds
    $members = @(Get-ClusterVmId) -join ','
    $areNew = $members -cne $Memory.RoleMembers
    if ($areNew -or $PowerStates -cne $Memory.RoleStates) { $Memory.RolesSettled = $now + $script:RoleSettleMilliseconds }
    $Memory.RoleMembers = $members
    $Memory.RoleStates = $PowerStates
    if ($areNew -or ($now -le $Memory.RolesSettled -and $now -ge $Memory.RolesDue)) { Read-RoleMemory -Memory $Memory }
}

function Read-RoleMemory {
    <#
    .SYNOPSIS
    Reads the roles of the cluster. Where that fails and it is tolerated, they are as they were last seen, and the VMs say so.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [hashtable] $Memory)
    $Memory.RoleFailure = $null
    try { $Memory.Roles = Read-ClusterRole -Clustered $Memory.Clustered }
    catch {
        if (-not $Memory.Tolerant) { throw }
        if ($null -eq $Memory.Roles) { $Memory.Roles = @{} }
        $Memory.RoleFailure = @{ Part = 'clusterRole'; Message = "The roles of the cluster cannot be read: $($_.Exception.Message)" }
    }
    $Memory.RolesDue = (Get-MonotonicMilliseconds) + $script:RoleMilliseconds
}
