# Decides when the roles of a cluster are read again. Real hosts take about 19 ms for each resource of root\MSCluster
# (measured by the authors of charlespick/hyper-v-csi), that is 6 s per node for 300 VMs, too much for every poll. A
# role change that does not change the token below (an administrator takes a group on- or offline while its VM keeps its
# state) is seen at the next reconciliation.

# While roles settle, they are read at most this often ...
$script:RoleMilliseconds = 10000
# ... and for this long after the token changed, because a group stays pending for a while after its VM.
$script:RoleSettleMilliseconds = 60000

function Update-RoleMemory {
    <#
    .SYNOPSIS
    Reads the roles of the cluster if the token has changed or the roles have not settled yet.
    .DESCRIPTION
    The token consists of the ids of the clustered VMs (from the cluster database in the registry, 0.04 ms each) and the
    power states of the VMs on this host. The poll itself detects a VM that moved away.
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
    Reads the roles of the cluster. With a tolerant memory, an error keeps the previous roles and adds a problem to the
    VMs.
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
