function ConvertTo-VmCheckpoint {
    <#
    .SYNOPSIS
    The checkpoints of a VM, oldest first. The one that the running state descends from is the Parent of the realized settings.
    #>
    [CmdletBinding()]
    [OutputType([object[]])]
    param(
        [Parameter(Mandatory)] [object] $Setting,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Checkpoint
    )
    $current = Get-InstanceOwner -InstanceId (Get-ParentId -Parent $Setting.Parent)
    $list = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($one in @($Checkpoint | Microsoft.PowerShell.Utility\Sort-Object -Property CreationTime, InstanceID)) {
        $id = Get-InstanceOwner -InstanceId ([string]$one.InstanceID)
        $parent = Get-InstanceOwner -InstanceId (Get-ParentId -Parent $one.Parent)
        [void] $list.Add([ordered]@{
                id        = $id.ToLowerInvariant()
                parentId  = $(if ($parent -eq '') { $null } else { $parent.ToLowerInvariant() })
                name      = [string]$one.ElementName
                type      = Get-CheckpointType -Checkpoint $one
                createdAt = ConvertTo-Timestamp -Time $one.CreationTime
                current   = $id -eq $current
            })
    }
    return , $list.ToArray()
}

function Get-CheckpointType {
    <#
    .SYNOPSIS
    The type of a checkpoint: by VirtualSystemType where Hyper-V made it for a purpose, else by what was asked for and whether
    memory was saved with it.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [object] $Checkpoint)
    switch -Exact ("$($Checkpoint.VirtualSystemType)") {
        'Microsoft:Hyper-V:Snapshot:Recovery' { return 'Recovery' }
        'Microsoft:Hyper-V:Snapshot:Planned' { return 'Planned' }
        'Microsoft:Hyper-V:Snapshot:Replica' { return 'Replica' }
        'Microsoft:Hyper-V:Snapshot:Replica:Standard' { return 'Replica' }
        'Microsoft:Hyper-V:Snapshot:Replica:ApplicationConsistent' { return 'Replica' }
    }
    if (-not $Checkpoint.IsSaved -and @(3, 4) -contains [int]$Checkpoint.UserSnapshotType) { return 'Production' }
    return 'Standard'
}
