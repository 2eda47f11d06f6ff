# Undo functions by kind, in rollback order: a role hides its VM, a VM holds its files, a file fills its folder. Each
# checks the host first, because the session may have died before or after the step.
$script:UndoOrder = @('role', 'setting', 'plug', 'vm', 'drive', 'dvd', 'adapter', 'file', 'folder')
$script:UndoFunctions = @{
    role = 'Undo-RoleStep'; vm = 'Undo-VmStep'; drive = 'Undo-DriveStep'; dvd = 'Undo-DvdStep'; adapter = 'Undo-AdapterStep'; setting = 'Undo-SettingStep'; plug = 'Undo-PlugStep'
    file = 'Undo-FileStep'; folder = 'Undo-FolderStep'
}

# A step may leave several items, and the removal of each may fail after it was done.
$script:UndoAttempts = 3

function Undo-Saga {
    <#
    .SYNOPSIS
    Rolls back the recorded steps, the last one first. Entries that could not be rolled back stay in the record.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $record = $Saga.Record
    $left = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($kind in $script:UndoOrder) {
        $entries = @(@($record['facts']['undo']) | Microsoft.PowerShell.Core\Where-Object -FilterScript { $null -ne $_ -and $_['kind'] -ceq $kind })
        [System.Array]::Reverse($entries)
        foreach ($entry in $entries) {
            Write-LogLine -Context $Saga.Context -Level 'warning' -Message "Rolling back: $kind $($entry['path'])"
            # Undo functions that may wait get the context, to write heartbeats.
            $given = if (@('file', 'vm') -ccontains $kind) { @{ Context = $Saga.Context } } else { @{} }
            for ($attempt = 1; ; $attempt++) {
                try {
                    Assert-Undoable -Record $record -Entry $entry -Left $left.ToArray()
                    & $script:UndoFunctions[$kind] @given -Entry $entry
                    break
                }
                catch {
                    # The attempt may have succeeded despite the error: the next one then finds nothing left to undo.
                    if ($attempt -lt $script:UndoAttempts) { continue }
                    [void] $left.Add($entry)
                    Write-LogLine -Context $Saga.Context -Level 'error' -Message "The rollback of $kind $($entry['path']) failed: $((ConvertTo-ErrorInfo -ErrorRecord $_)['message'])"
                    break
                }
            }
        }
    }
    $record['facts']['undo'] = $left.ToArray()
}

function Assert-Undoable {
    <#
    .SYNOPSIS
    Throws if an entry cannot be rolled back safely: the VM of the step is no longer on this host, or its files may
    still be in use by a VM that was not removed.
    .DESCRIPTION
    The VM may have moved to another node together with its disks.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Record,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Entry,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Left
    )
    if (@('file', 'folder') -ccontains $Entry['kind']) {
        foreach ($one in $Left) { if (@('vm', 'drive') -ccontains $one['kind']) { throw (New-OperationFailure -Code 'in-use' -Message "$($one['kind']) $($one['path']) still exists or could not be checked, so this item is kept.") } }
        return
    }
    if ($Entry['kind'] -ceq 'vm' -or $null -eq $Entry['vmId']) { return }
    foreach ($one in @($Record['facts']['undo'])) { if ($null -ne $one -and $one['kind'] -ceq 'vm') { return } }
    if ($null -eq (Get-VmCondition -VmId $Entry['vmId'])) { throw (New-OperationFailure -Code 'not-found' -Message "The VM $($Entry['vmId']) is no longer on this host.") }
}

function Add-UndoneRest {
    <#
    .SYNOPSIS
    Adds the entries that could not be rolled back to an error.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $ErrorInfo,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [AllowNull()] [object[]] $Rest
    )
    $names = @(foreach ($one in $Rest) { if ($null -ne $one) { "$($one['kind']) $($one['path'])" } })
    if ($names.Length -eq 0) { return }
    $ErrorInfo['message'] = Limit-Text -Text "$($ErrorInfo['message']) These changes could not be rolled back: $($names -join ', ')." -Length 4096
    $ErrorInfo['remedy'] = 'Check these items on the host, and remove or restore them there.'
}

function Undo-RoleStep {
    <#
    .SYNOPSIS
    Removes a clustered role that the operation added, or restores one that it removed.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Entry)
    $has = (Read-ClusterRole -Clustered $true).ContainsKey($Entry['vmId'].ToUpperInvariant())
    $condition = Get-VmCondition -VmId $Entry['vmId']
    if ($Entry['wanted'] -and -not $has -and $null -ne $condition) { Add-ClusterRole -VmId $Entry['vmId'] -Name $condition.Name }
    if (-not $Entry['wanted'] -and $has) { Remove-ClusterRole -VmId $Entry['vmId'] }
}

function Undo-VmStep {
    <#
    .SYNOPSIS
    Removes the VM that the operation created.
    .DESCRIPTION
    If the session died before it knew the id: the VM with this name in this folder, created after the step. Throws
    in-use if a configuration file is left in the folder, because its VM has moved or Hyper-V does not list it.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Entry
    )
    if ($null -ne $Entry['vmId']) { Remove-MadeVm -Context $Context -VmId $Entry['vmId'] }
    else {
        foreach ($id in @(Find-MadeVm -Entry $Entry)) { Remove-MadeVm -Context $Context -VmId $id }
    }
    foreach ($file in @(Get-HostFolderFile -Path "$($Entry['path'])\Virtual Machines" -Filter '*.vmcx')) {
        if ($null -ne $file) { throw (New-OperationFailure -Code 'in-use' -Message "`"$($file.FullName)`" still exists.") }
    }
}

function Find-MadeVm {
    <#
    .SYNOPSIS
    Returns the ids of the VMs with this name in this folder that were created after the step.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Entry)
    foreach ($setting in Get-VirtualizationInstance -ClassName 'Msvm_VirtualSystemSettingData') {
        if ($setting.VirtualSystemType -ne 'Microsoft:Hyper-V:System:Realized' -or $setting.ElementName -cne $Entry['name']) { continue }
        if ("$($setting.ConfigurationDataRoot)".TrimEnd('\') -ne $Entry['path']) { continue }
        if ($setting.CreationTime.ToUniversalTime() -lt (ConvertFrom-Timestamp -Text $Entry['at'])) { continue }
        ([string]$setting.VirtualSystemIdentifier).ToLowerInvariant()
    }
}

function Remove-MadeVm {
    <#
    .SYNOPSIS
    Turns a VM off and removes it if it exists. Remove-VM refuses a running VM.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [string] $VmId
    )
    $condition = Get-VmCondition -VmId $VmId
    if ($null -eq $condition) { return }
    if ($condition.State -cne 'Off') {
        [void] (Invoke-VmStateChange -VmId $VmId -RequestedState $script:RequestedStates['vm.stop'])
        for ($attempt = 1; $attempt -le 60; $attempt++) {
            $condition = Get-VmCondition -VmId $VmId
            if ($null -eq $condition -or $condition.State -ceq 'Off') { break }
            Write-DueHeartbeat -Context $Context
            Wait-HostTime -Milliseconds 1000
        }
    }
    Remove-HyperVMachine -VmId $VmId
}

function Undo-DriveStep {
    <#
    .SYNOPSIS
    Detaches the disk with this file if the VM has it.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Entry)
    if ($null -eq (Get-VmCondition -VmId $Entry['vmId'])) { return }
    foreach ($drive in @((Read-DriveTable -VmId $Entry['vmId']).Values)) {
        if ($drive.IsDisk -and (Test-DriveFile -Held $drive.Path -Path $Entry['path'])) { Remove-HyperVDisk -VmId $Entry['vmId'] -DiskId $drive.Id -Path $drive.Path }
    }
}

function Undo-DvdStep {
    <#
    .SYNOPSIS
    Removes a DVD drive that the operation added: one that did not exist before and is empty or has the requested
    medium.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Entry)
    if ($null -eq (Get-VmCondition -VmId $Entry['vmId'])) { return }
    foreach ($drive in @(Get-HyperVDvdDrive -VmId $Entry['vmId'])) {
        if ($null -eq $drive -or @($Entry['before']) -ccontains (Get-DriveKey -Drive $drive)) { continue }
        $path = "$($drive.Path)"
        if ($path -eq '' -or (Get-PathKey -Path $path) -ceq (Get-PathKey -Path $Entry['path'])) { Remove-HyperVDvdDrive -Drive $drive }
    }
}

function Undo-AdapterStep {
    <#
    .SYNOPSIS
    Removes a network adapter that the operation added. If the session died before it knew the id: one that did not
    exist before and is not connected.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Entry)
    if ($null -eq (Get-VmCondition -VmId $Entry['vmId'])) { return }
    foreach ($adapter in Get-HyperVAdapter -Machine (Get-HyperVMachine -VmId $Entry['vmId'])) {
        $id = Get-AdapterId -Adapter $adapter
        $ours = if ($null -ne $Entry['id']) { $id -ceq $Entry['id'] } else { @($Entry['before']) -cnotcontains $id -and "$($adapter.SwitchName)" -eq '' }
        if ($ours) { Remove-HyperVAdapter -Adapter $adapter }
    }
}

function Undo-SettingStep {
    <#
    .SYNOPSIS
    Restores the previous value of a VM setting.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Entry)
    $condition = Get-VmCondition -VmId $Entry['vmId']
    if ($null -eq $condition) { return }
    if (Test-VmField -VmId $Entry['vmId'] -Field $Entry['path'] -Value $Entry['before']) { return }
    Set-VmField -VmId $Entry['vmId'] -Field $Entry['path'] -Value $Entry['before'] -Live ($condition.State -cne 'Off')
}

function Undo-PlugStep {
    <#
    .SYNOPSIS
    Reconnects a network adapter to its previous switch, VLAN or trunk.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Entry)
    if ($null -eq (Get-VmCondition -VmId $Entry['vmId'])) { return }
    $adapter = Get-OneAdapter -VmId $Entry['vmId'] -AdapterId $Entry['adapterId']
    Connect-HyperVAdapter -Adapter $adapter -SwitchName $Entry['switchName']
    $vlan = $Entry['vlan']
    if ($vlan['mode'] -ceq 'Trunk') { Set-HyperVAdapterTrunk -Adapter $adapter -NativeVlanId $vlan['nativeVlanId'] -AllowedVlanIds $vlan['allowedVlanIds'] }
    elseif (@('Access', 'Untagged') -ccontains $vlan['mode']) { Set-HyperVAdapterVlan -Adapter $adapter -VlanId $vlan['accessVlanId'] }
    else { throw (New-OperationFailure -Code 'not-supported' -Message "The agent cannot restore the VLAN mode $($vlan['mode'])." -Remedy 'Set the VLAN of the network adapter on the host.') }
}

function Undo-FileStep {
    <#
    .SYNOPSIS
    Removes a file that the operation created; waits while the host still writes it.
    .DESCRIPTION
    Keeps a file that a VM uses.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Entry
    )
    for ($attempt = 1; ; $attempt++) {
        if ($null -eq (Get-HostFile -Path $Entry['path'])) { return }
        $drives = Read-DrivePath
        $disks = @{}
        Read-DiskTable -Context $Context -Table $disks -Path @(foreach ($list in $drives.Values) { $list })
        if (@(Get-List -Table (Get-DiskUser -Drive $drives -Disk $disks) -Key (Get-PathKey -Path $Entry['path'])).Length -gt 0) {
            throw (New-OperationFailure -Code 'in-use' -Message "$($Entry['path']) is used by a VM.")
        }
        try { Remove-HostFile -Path $Entry['path']; return }
        catch {
            if ($attempt -ge 600) { throw }
            Write-DueHeartbeat -Context $Context
            Wait-HostTime -Milliseconds 1000
        }
    }
}

function Undo-FolderStep {
    <#
    .SYNOPSIS
    Removes the empty folders among those that the operation created, innermost first.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Entry)
    $made = @($Entry['made'])
    [System.Array]::Reverse($made)
    foreach ($folder in $made) {
        if ((Test-HostFolder -Path $folder) -and (Test-HostFolderEmpty -Path $folder)) { Remove-HostFolder -Path $folder }
    }
}
