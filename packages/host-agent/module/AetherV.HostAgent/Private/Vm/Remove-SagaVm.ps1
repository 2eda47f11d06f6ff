Register-Operation -Op 'vm.delete' -Saga 'Remove-SagaVm'

function Remove-SagaVm {
    <#
    .SYNOPSIS
    Takes the steps of vm.delete.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $vmId = $request['vmId']
    $facts = $Saga.Record['facts']
    if (-not $Saga.Committed) {
        if ($null -ne $facts['plan'] -and $null -eq (Get-VmCondition -VmId $vmId)) { Assert-VmRemoved -Plan $facts['plan'] -VmId $vmId }
        else { Remove-SagaMachine -Saga $Saga -VmId $vmId }
        Complete-SagaPlan -Saga $Saga
    }
    $plan = $facts['plan']
    Wait-SagaMerge -Saga $Saga -Path @($plan['chain'])
    $until = (Get-MonotonicMilliseconds) + $script:SettleMilliseconds
    while ($null -ne (Get-VmCondition -VmId $vmId) -and (Get-MonotonicMilliseconds) -lt $until) { Wait-SagaTurn -Saga $Saga -Message 'Wait until it is gone.' }
    if ($null -ne (Get-VmCondition -VmId $vmId)) { throw (New-OperationFailure -Code 'agent-error' -Message "Hyper-V deleted `"$($plan['name'])`" but still lists it.") }
    Remove-SagaFile -Saga $Saga -Plan $plan -VmId $vmId
    foreach ($one in $Saga.Remaining) { Write-LogLine -Context $Saga.Context -Level 'warning' -Message "$($one['path']) was kept: $($one['message'])" }
    $Saga.Result = [ordered]@{ vmId = $vmId; deleted = @($Saga.Deleted); remaining = @($Saga.Remaining) }
}

function Assert-VmRemoved {
    <#
    .SYNOPSIS
    Throws outcome-unknown if a missing VM was moved instead of deleted: Remove-VM deletes the configuration file, a
    move keeps it.
    .DESCRIPTION
    An earlier session may have died after Hyper-V removed the VM and before it recorded that.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Plan,
        [Parameter(Mandatory)] [string] $VmId
    )
    # VMs of configuration version 5 have XML files.
    foreach ($extension in 'vmcx', 'xml') {
        $file = "$($Plan['configurationPath'])\Virtual Machines\$($VmId.ToUpperInvariant()).$extension"
        if ($null -eq (Get-HostFile -Path $file)) { continue }
        throw (New-OperationFailure -Code 'outcome-unknown' -Message "The VM $VmId is no longer on this host, but its configuration file `"$file`" is: the VM was moved, not deleted. No file was deleted." -Remedy 'Look for the VM on the other hosts.')
    }
}

function Remove-SagaMachine {
    <#
    .SYNOPSIS
    Removes the clustered role and the VM. Records first which files may be deleted afterwards.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $VmId
    )
    $request = $Saga.Context.Request
    $vm = Read-OneVm -VmId $VmId
    Assert-DeleteRequest -Context $Saga.Context -Vm $vm -Request $request
    Read-FileUse -Saga $Saga -VmId $VmId
    Assert-MergeSafe -Context $Saga.Context -Vm $vm -Use $Saga.Use
    Stop-Check -Context $Saga.Context -IfRefused
    $plan = Get-DeletePlan -Vm $vm -DeleteDisks $request['deleteDisks'] -Use $Saga.Use
    # An earlier session of this operation may have removed the role.
    if ($null -eq $plan['role']) { $plan['role'] = $Saga.Record['facts']['role'] }
    if ($null -ne $Saga.Context.Refusals) { $Saga.Context.Preview = Get-DeletePreview -Plan $plan -Configuration $Saga.Use.Configuration -Vm $vm }
    Write-LogLine -Context $Saga.Context -Message "Disks of the VM and their parents: $(if (@($plan['chain']).Count -eq 0) { 'none' } else { $plan['chain'] -join ', ' })."
    $Saga.Planned = 4 + @($plan['chain']).Count
    Remove-SagaRole -Saga $Saga -Vm $vm
    Stop-SagaVm -Saga $Saga -Vm $vm
    $Saga.Record['facts']['plan'] = $plan
    Invoke-SagaStep -Saga $Saga -Message "Delete the VM `"$($vm['name'])`"." -Act { Remove-HyperVMachine -VmId $VmId } -Done { $null -eq (Get-VmCondition -VmId $VmId) }
}

function Assert-DeleteRequest {
    <#
    .SYNOPSIS
    Refuses the deletion if the VM has another name, is busy, or runs and the deletion is not forced.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Request
    )
    if ($Vm['name'] -cne $Request['name']) {
        Deny-Operation -Context $Context -Code 'conflict' -Message "The VM $($Vm['vmId']) is named `"$($Vm['name'])`", not `"$($Request['name'])`". Nothing was deleted." -Remedy 'Check the VM before deleting it.'
    }
    Assert-VmIdle -Context $Context -Vm $Vm
    [void] (Test-VmRest -Context $Context -Vm $Vm -Force $Request['force'] -Purpose 'be deleted')
}

function Remove-SagaRole {
    <#
    .SYNOPSIS
    Removes the clustered role before the VM, because the cluster would restore a VM that disappears under its role.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm
    )
    if ($null -eq $Vm['clusterRole']) { return }
    $name = $Vm['clusterRole']['name']
    $undo = [ordered]@{ kind = 'role'; path = $name; vmId = $Vm['vmId']; wanted = $true }
    $Saga.Record['facts']['role'] = $name
    Invoke-SagaStep -Saga $Saga -Message "Remove the clustered role `"$name`"." -Undo $undo -Act { Remove-ClusterRole -VmId $Vm['vmId'] } -Done { -not (Test-ClusterRole -VmId $Vm['vmId']) }
}

function Stop-SagaVm {
    <#
    .SYNOPSIS
    Turns the VM off unless it is off or saved.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm
    )
    if ($Vm['state'] -ceq 'Off' -or $Vm['state'] -ceq 'Saved') { return }
    $vmId = $Vm['vmId']
    Invoke-SagaJobStep -Saga $Saga -Message 'Turn the VM off.' -Begin { Invoke-VmStateChange -VmId $vmId -RequestedState $script:RequestedStates['vm.stop'] } -Follow {
        Assert-MethodAccepted -Answer $answer -Action (Get-PowerAction -Name 'stop') -Name $Vm['name']
        Wait-SagaJob -Saga $Saga -Message $Message -JobId $answer.Job
    } -Wait { Wait-VmState -Saga $Saga -VmId $vmId -Message $Message } -Done { (Get-VmCondition -VmId $vmId).State -ceq 'Off' }
}

function Wait-VmState {
    <#
    .SYNOPSIS
    Waits until a VM has completed its transition to another state.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [string] $Message
    )
    while ($true) {
        $condition = Get-VmCondition -VmId $VmId
        if ($null -eq $condition -or @('Starting', 'Stopping', 'Saving', 'Pausing', 'Resuming') -cnotcontains $condition.State) { return }
        if ((Get-TimeLeft -Context $Saga.Context) -le 0) { throw (New-OperationFailure -Code 'host-timeout' -Message "$Message The operation timed out; the VM is still $($condition.State).") }
        Wait-SagaTurn -Saga $Saga -Message $Message
    }
}

function Wait-SagaMerge {
    <#
    .SYNOPSIS
    Waits until Hyper-V has merged the checkpoint files, which it does after the VM is removed: until these files are
    gone, or no merge has run for a minute.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Path
    )
    $files = @($Path | Microsoft.PowerShell.Core\Where-Object -FilterScript { $_ -match '\.avhdx?\z' })
    $quietSince = Get-HostTime
    while ($true) {
        $left = @($files | Microsoft.PowerShell.Core\Where-Object -FilterScript { $null -ne (Get-HostFile -Path $_) })
        if ($left.Length -eq 0) { return }
        if (@(Get-MergeJob).Length -gt 0) {
            Wait-StorageJob -Saga $Saga -Message 'Waiting for the disks of the VM to be merged.'
            $quietSince = Get-HostTime
        }
        # A merge may be queued, so an empty list of jobs does not mean that none follows.
        if (((Get-HostTime) - $quietSince).TotalMilliseconds -gt $script:GraceMilliseconds) { return }
        Write-DueHeartbeat -Context $Saga.Context
        Wait-HostTime -Milliseconds $script:PollMilliseconds
    }
}

function Remove-SagaFile {
    <#
    .SYNOPSIS
    Deletes the VM's own files and the folders that are empty afterwards. Includes what an earlier session deleted,
    because each deletion is recorded before it is done.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Plan,
        [Parameter(Mandatory)] [string] $VmId
    )
    $configuration = Read-HostConfiguration
    $deleted = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    $remaining = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    Read-FileUse -Saga $Saga -Path @($Plan['chain'])
    $use = $Saga.Use
    if ($null -ne $Plan['role']) { [void] $deleted.Add($Plan['role']) }
    foreach ($path in @($Plan['chain'])) {
        $reason = Select-Left -List @($Plan['stay']) -Path $path
        # A file that is not visible may still exist. Checkpoint files have been merged.
        if (($null -eq $reason -or $path -match '\.avhdx?\z') -and $null -eq (Get-HostFile -Path $path)) {
            $folder = $path.Substring(0, $path.LastIndexOf('\'))
            if ((Test-HostFolder -Path $folder) -or @($Saga.Record['facts']['pruned']) -contains $folder) { [void] $deleted.Add($path); continue }
            if ($null -eq $reason) { $reason = [ordered]@{ path = $path; reason = 'failed'; message = 'Its folder cannot be found.' } }
        }
        if ($null -eq $reason) { $reason = Get-ReasonToStay -Path $path -VmId $VmId -Own @($Plan['own']) -Use $use }
        if ($null -ne $reason) { [void] $remaining.Add($reason); continue }
        Step-Saga -Saga $Saga -Message "Delete $path."
        $said = 'The file still exists.'
        try { Remove-HostFile -Path $path }
        catch { $said = Limit-Text -Text (ConvertTo-ErrorInfo -ErrorRecord $_)['message'] }
        # The error does not matter, only if the file still exists.
        if ($null -ne (Get-HostFile -Path $path)) { $reason = [ordered]@{ path = $path; reason = 'failed'; message = $said } }
        if ($null -ne $reason) { [void] $remaining.Add($reason) } else { [void] $deleted.Add($path) }
    }
    foreach ($one in @($Plan['stay'])) { if ($null -ne $one -and @($Plan['chain']) -notcontains $one['path']) { [void] $remaining.Add($one) } }
    $Saga.Deleted = $deleted
    $Saga.Remaining = $remaining
    foreach ($folder in @($Plan['folders'])) { Remove-SagaFolder -Saga $Saga -Configuration $configuration -Path $folder }
    # Remove-VM deletes the folder if it is empty.
    $folder = $Plan['configurationPath']
    if ($null -ne $folder -and -not (Test-HostFolder -Path $folder) -and $deleted -notcontains $folder) { [void] $deleted.Add($folder) }
}

function Remove-SagaFolder {
    <#
    .SYNOPSIS
    Removes a folder and its parents as far as they are empty, but never a folder that the configuration names.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Configuration,
        [Parameter(Mandatory)] [string] $Path
    )
    $facts = $Saga.Record['facts']
    $named = @(Get-NamedFolder -Configuration $Configuration)
    for ($folder = $Path; $named -notcontains (Get-PathKey -Path $folder) -and $null -ne (Get-StorageRoot -Configuration $Configuration -Path $folder); $folder = $folder.Substring(0, $folder.LastIndexOf('\'))) {
        $noted = @($facts['pruned']) -contains $folder
        if (Test-HostFolder -Path $folder) {
            if (-not (Test-HostFolderEmpty -Path $folder)) { return }
            if (-not $noted) { $facts['pruned'] = @(@($facts['pruned']) + $folder | Microsoft.PowerShell.Core\Where-Object -FilterScript { $null -ne $_ }) }
            Step-Saga -Saga $Saga -Message "Remove the empty folder $folder."
            try { Remove-HostFolder -Path $folder }
            catch {
                $said = (ConvertTo-ErrorInfo -ErrorRecord $_)['message']
                if (Test-HostFolder -Path $folder) {
                    Write-LogLine -Context $Saga.Context -Level 'warning' -Message "$folder could not be removed: $said"
                    return
                }
            }
            $noted = $true
        }
        if ($noted -and $Saga.Deleted -notcontains $folder) { [void] $Saga.Deleted.Add($folder) }
    }
}
