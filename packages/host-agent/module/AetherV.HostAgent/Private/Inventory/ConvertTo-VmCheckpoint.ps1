function ConvertTo-VmCheckpoint {
    <#
    .SYNOPSIS
    Converts the checkpoints of a VM, oldest first. The current one is the Parent of the realized settings.
    #>
    [CmdletBinding()]
    [OutputType([object[]])]
    param(
        [Parameter(Mandatory)] [object] $Setting,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Checkpoint,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    $current = Get-InstanceOwner -InstanceId (Get-ParentId -Parent $Setting.Parent)
    $list = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($one in @($Checkpoint | Microsoft.PowerShell.Utility\Sort-Object -Property CreationTime, InstanceID)) {
        $id = Get-InstanceOwner -InstanceId ([string]$one.InstanceID)
        if ($id -eq '') { Add-FactProblem -Problem $Problem -Part 'checkpoints' -Message "A checkpoint has no valid id: $(Get-ShownValue -Value $one.InstanceID)."; continue }
        $part = "checkpoints $($id.ToLowerInvariant())"
        $parent = Get-InstanceOwner -InstanceId (Get-ParentId -Parent $one.Parent)
        [void] $list.Add([ordered]@{
                id        = $id.ToLowerInvariant()
                parentId  = $(if ($parent -eq '') { $null } else { $parent.ToLowerInvariant() })
                name      = Read-FactText -Value $one.ElementName -Part "$part name" -Problem $Problem
                type      = Get-CheckpointType -Checkpoint $one -Part $part -Problem $Problem
                # Windows Server 2016 does not have this property.
                automatic = $null -ne $one.PSObject.Properties['IsAutomaticSnapshot'] -and $true -eq $one.IsAutomaticSnapshot
                createdAt = Read-FactMoment -Value $one.CreationTime -Part "$part createdAt" -Problem $Problem
                current   = $id -eq $current
            })
    }
    return , (Select-WithinLimit -List $list.ToArray() -Maximum 64 -Part 'checkpoints' -Problem $Problem)
}

function Get-CheckpointType {
    <#
    .SYNOPSIS
    Returns the type of a checkpoint: from VirtualSystemType for checkpoints with a special purpose, otherwise from the
    checkpoint setting and whether memory was saved.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [object] $Checkpoint,
        [Parameter(Mandatory)] [string] $Part,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Problem
    )
    $kind = "$($Checkpoint.VirtualSystemType)".ToLowerInvariant().Replace('microsoft:hyper-v:snapshot:', '')
    $type = Read-WindowsName -Table 'checkpointSystemType' -Value $kind -Part "$Part type" -Problem $Problem
    if ($type -cne 'Realized') { return $type }
    $asked = Get-WindowsName -Table 'userSnapshotType' -Value $Checkpoint.UserSnapshotType
    if ($true -ne $Checkpoint.IsSaved -and @('Production', 'ProductionOnly') -ccontains $asked) { return 'Production' }
    return 'Standard'
}
