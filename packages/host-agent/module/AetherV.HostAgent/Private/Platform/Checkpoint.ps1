# Checkpoints by Msvm_VirtualSystemSnapshotService (learn.microsoft.com/windows/win32/hyperv_v2): its jobs outlive a
# session. Checkpoint-VM, Restore-VMSnapshot and Remove-VMSnapshot would block the session without progress.

function Invoke-SnapshotMethod {
    <#
    .SYNOPSIS
    Calls a method of Msvm_VirtualSystemSnapshotService. Returns ReturnValue and the job's InstanceID.
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
    Returns the setting data of a checkpoint, which identifies it in method arguments.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [guid] $CheckpointId)
    Get-VirtualizationInstance -ClassName 'Msvm_VirtualSystemSettingData' -Filter "InstanceID='Microsoft:$("$CheckpointId".ToUpperInvariant())'"
}

# SnapshotSettings of CreateSnapshot: the sample in the documentation passes an empty string, which some hosts reject,
# although they accept the call without it. Once one form has worked, the session uses only that form.
$script:SnapshotSettingsForms = @(@{ SnapshotSettings = '' }, @{})
# Msvm_VirtualSystemSnapshotService, return values: Invalid Parameter.
$script:InvalidParameter = 32773

function Start-CheckpointCreation {
    <#
    .SYNOPSIS
    Calls CreateSnapshot for a full snapshot (2) of the checkpoint type that the VM is set to.
    .DESCRIPTION
    Tries the second form of SnapshotSettings only if Hyper-V rejected the arguments, because then nothing has started.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [guid] $VmId)
    $system = Get-VirtualizationInstance -ClassName 'Msvm_ComputerSystem' -Filter "Name='$("$VmId".ToUpperInvariant())'"
    $forms = @($script:SnapshotSettingsForms)
    for ($index = 0; ; $index++) {
        $isLast = $index -eq $forms.Length - 1
        try { $answer = Invoke-SnapshotMethod -Method 'CreateSnapshot' -Arguments (@{ AffectedSystem = $system; SnapshotType = [uint16]2 } + $forms[$index]) }
        catch {
            if ($isLast -or -not (Test-ArgumentRefusal -ErrorRecord $_)) { throw }
            continue
        }
        if ($null -ne $answer -and $answer.ReturnValue -eq $script:InvalidParameter) {
            if ($isLast) { return $answer }
            continue
        }
        $script:SnapshotSettingsForms = @($forms[$index])
        return $answer
    }
}

function Test-ArgumentRefusal {
    <#
    .SYNOPSIS
    Returns true if a method rejected its arguments before it started. MI_Result (DSP0200): 4 invalid parameter, 13 type
    mismatch.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [System.Management.Automation.ErrorRecord] $ErrorRecord)
    return @(4, 13) -contains (Get-CimErrorCode -ErrorRecord $ErrorRecord)
}

function Start-CheckpointApplication {
    <#
    .SYNOPSIS
    Calls ApplySnapshot.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param([Parameter(Mandatory)] [guid] $CheckpointId)
    return Invoke-SnapshotMethod -Method 'ApplySnapshot' -Arguments @{ Snapshot = Get-CheckpointInstance -CheckpointId $CheckpointId }
}

function Start-CheckpointRemoval {
    <#
    .SYNOPSIS
    Calls DestroySnapshot, or DestroySnapshotTree for a checkpoint and all its descendants.
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
    Calls Rename-VMSnapshot by id.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [guid] $CheckpointId,
        [Parameter(Mandatory)] [string] $Name
    )
    Hyper-V\Rename-VMSnapshot -VMSnapshot (Hyper-V\Get-VMSnapshot -Id $CheckpointId) -NewName $Name -Confirm:$false
}
