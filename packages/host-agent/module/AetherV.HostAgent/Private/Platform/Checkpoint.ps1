# Checkpoints by Msvm_VirtualSystemSnapshotService (learn.microsoft.com/windows/win32/hyperv_v2): its jobs outlive a session, and
# Checkpoint-VM, Restore-VMSnapshot and Remove-VMSnapshot would hold the session silently for as long as it takes.

function Invoke-SnapshotMethod {
    <#
    .SYNOPSIS
    A method of Msvm_VirtualSystemSnapshotService. Returns ReturnValue and the job's InstanceID.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [ValidateSet('CreateSnapshot', 'ApplySnapshot', 'DestroySnapshot', 'DestroySnapshotTree')] [string] $Method,
        [Parameter(Mandatory)] [hashtable] $Arguments
    )
    $answer = CimCmdlets\Invoke-CimMethod -Namespace $script:VirtualizationNamespace -Query 'SELECT * FROM Msvm_VirtualSystemSnapshotService' -MethodName $Method -Arguments $Arguments -OperationTimeoutSec $script:CimTimeoutSeconds
    return ConvertTo-MethodAnswer -Answer $answer
}

function Get-CheckpointInstance {
    <#
    .SYNOPSIS
    The settings of a checkpoint, which stand for it in the methods' arguments.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [guid] $CheckpointId)
    Get-VirtualizationInstance -ClassName 'Msvm_VirtualSystemSettingData' -Filter "InstanceID='Microsoft:$("$CheckpointId".ToUpperInvariant())'"
}

function Start-CheckpointCreation {
    <#
    .SYNOPSIS
    CreateSnapshot: a full one (2), of the kind that the VM is set to.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [guid] $VmId)
    return Invoke-SnapshotMethod -Method 'CreateSnapshot' -Arguments @{
        AffectedSystem = Get-VirtualizationInstance -ClassName 'Msvm_ComputerSystem' -Filter "Name='$("$VmId".ToUpperInvariant())'"
        SnapshotSettings = ''; SnapshotType = [uint16]2
    }
}

function Start-CheckpointApplication {
    <#
    .SYNOPSIS
    ApplySnapshot.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [guid] $CheckpointId)
    return Invoke-SnapshotMethod -Method 'ApplySnapshot' -Arguments @{ Snapshot = Get-CheckpointInstance -CheckpointId $CheckpointId }
}

function Start-CheckpointRemoval {
    <#
    .SYNOPSIS
    DestroySnapshot, or DestroySnapshotTree for it and all that descend from it.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [guid] $CheckpointId,
        [Parameter(Mandatory)] [bool] $Subtree
    )
    $checkpoint = Get-CheckpointInstance -CheckpointId $CheckpointId
    if ($Subtree) { return Invoke-SnapshotMethod -Method 'DestroySnapshotTree' -Arguments @{ SnapshotSettingData = $checkpoint } }
    return Invoke-SnapshotMethod -Method 'DestroySnapshot' -Arguments @{ AffectedSnapshot = $checkpoint }
}

function Rename-HyperVCheckpoint {
    <#
    .SYNOPSIS
    Rename-VMSnapshot, by id.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [guid] $CheckpointId,
        [Parameter(Mandatory)] [string] $Name
    )
    Hyper-V\Rename-VMSnapshot -VMSnapshot (Hyper-V\Get-VMSnapshot -Id $CheckpointId) -NewName $Name -Confirm:$false
}
