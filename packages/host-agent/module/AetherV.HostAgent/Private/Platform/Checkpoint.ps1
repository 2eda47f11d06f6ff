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

# SnapshotSettings of CreateSnapshot: its page's sample passes an empty string, which hosts were seen to refuse that take the call without
# it. What this session has seen work comes alone.
$script:SnapshotSettingsForms = @(@{ SnapshotSettings = '' }, @{})
# Msvm_VirtualSystemSnapshotService, return values: Invalid Parameter.
$script:InvalidParameter = 32773

function Start-CheckpointCreation {
    <#
    .SYNOPSIS
    CreateSnapshot: a full one (2), of the kind that the VM is set to.
    .DESCRIPTION
    The second form of SnapshotSettings is tried only after Hyper-V refused the arguments: then nothing has begun.
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
    Whether the arguments of a method were refused before it began. MI_Result (DSP0200): 4 invalid parameter, 13 type mismatch.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param([Parameter(Mandatory)] [System.Management.Automation.ErrorRecord] $ErrorRecord)
    return @(4, 13) -contains (Get-CimErrorCode -ErrorRecord $ErrorRecord)
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
