# What a step may have left, by its kind, in the order in which it is taken away: a role hides its VM, a VM holds its files, a file
# fills its folder. Each looks for what is there, for a session may have died before or after the step it undoes.
$script:UndoOrder = @('role', 'setting', 'plug', 'vm', 'drive', 'dvd', 'adapter', 'file', 'folder')
$script:UndoFunctions = @{
    role = 'Undo-RoleStep'; vm = 'Undo-VmStep'; drive = 'Undo-DriveStep'; dvd = 'Undo-DvdStep'; adapter = 'Undo-AdapterStep'; setting = 'Undo-SettingStep'; plug = 'Undo-PlugStep'
    file = 'Undo-FileStep'; folder = 'Undo-FolderStep'
}

# A step may leave more than one thing, and each removal may fail after it was done.
$script:UndoAttempts = 3

function Undo-Saga {
    <#
    .SYNOPSIS
    Takes away what the steps so far may have left, the last first.
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
            # Those that may have to wait say meanwhile that they live.
            $given = if (@('file', 'vm') -ccontains $kind) { @{ Context = $Saga.Context } } else { @{} }
            for ($attempt = 1; ; $attempt++) {
                try {
                    Assert-Undoable -Record $record -Entry $entry -Left $left.ToArray()
                    & $script:UndoFunctions[$kind] @given -Entry $entry
                    break
                }
                catch {
                    # It may be undone all the same: each looks for what is there, so one that finds nothing left is done.
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
    Refuses to undo what cannot be looked at: a step on a VM that this host does not have any more, and files and folders of a VM that
    may still have them. A VM may have moved to another node, with its disks.
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
    Says in an error what could not be undone.
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
    Takes back a clustered role that was made, or was removed.
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
    Removes the VM that was made. Where its session died before it knew the id: the VM of this name in the folder that was free
    before, made since. A configuration that is still in that folder is one of a VM that has moved, or that Hyper-V does not show.
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
    The ids of VMs of this name in the folder that was free before, made since.
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
    Turns a VM off and removes it, if it is there: Remove-VM refuses one that is on.
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
    Detaches a disk that was attached: the drive of this file, if the VM has one.
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
    Removes a DVD drive that was added: one that was not there before, and is empty or has the medium that was to go in.
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
    Removes an adapter that was added. Where its session died before it knew the id: one that was not there before and is plugged in
    nowhere.
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
    Sets a setting of a VM back to what it was.
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
    Plugs an adapter in where it was, and back into its VLAN or trunk.
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
    Removes a file that was made under a name that was free before; waits while the host still writes it.
    .DESCRIPTION
    One that a VM has taken since, or takes meanwhile, stays.
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
    Removes folders that were made, as far as they are empty, the innermost first.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Entry)
    $made = @($Entry['made'])
    [System.Array]::Reverse($made)
    foreach ($folder in $made) {
        if ((Test-HostFolder -Path $folder) -and (Test-HostFolderEmpty -Path $folder)) { Remove-HostFolder -Path $folder }
    }
}
