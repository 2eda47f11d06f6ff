# What a step may have left, by its kind, in the order in which it is taken away: a role hides its VM, a VM holds its files, a file
# fills its folder. Each looks for what is there, for a session may have died before or after the step it undoes.
$script:UndoOrder = @('role', 'setting', 'plug', 'vm', 'drive', 'dvd', 'adapter', 'file', 'folder')
$script:UndoFunctions = @{
    role = 'Undo-RoleStep'; vm = 'Undo-VmStep'; drive = 'Undo-DriveStep'; dvd = 'Undo-DvdStep'; adapter = 'Undo-AdapterStep'; setting = 'Undo-SettingStep'; plug = 'Undo-PlugStep'
    file = 'Undo-FileStep'; folder = 'Undo-FolderStep'
}

function Undo-Saga {
    <#
    .SYNOPSIS
    Takes away what the steps so far may have left, the last first.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $record = $Saga.Record
    $left = New-Object -TypeName 'System.Collections.ArrayList'
    foreach ($kind in $script:UndoOrder) {
        $entries = @(@($record['facts']['undo']) | Where-Object -FilterScript { $null -ne $_ -and $_['kind'] -ceq $kind })
        [System.Array]::Reverse($entries)
        foreach ($entry in $entries) {
            Write-LogLine -Context $Saga.Context -Level 'warning' -Message "Undoing: $kind $($entry['path'])"
            # Those that may have to wait say meanwhile that they live.
            $given = if (@('file', 'vm') -ccontains $kind) { @{ Context = $Saga.Context } } else { @{} }
            try { & $script:UndoFunctions[$kind] @given -Entry $entry }
            catch {
                [void] $left.Add($entry)
                Write-LogLine -Context $Saga.Context -Level 'error' -Message "That could not be undone: $((ConvertTo-ErrorInfo -ErrorRecord $_)['message'])"
            }
        }
    }
    $record['facts']['undo'] = $left.ToArray()
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
    $ErrorInfo['message'] = Limit-Text -Text "$($ErrorInfo['message']) This could not be undone: $($names -join ', ')." -Length 4096
    $ErrorInfo['remedy'] = 'Look at it on the host, and take it away there.'
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
    before, made since.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Entry
    )
    if ($null -ne $Entry['vmId']) { Remove-MadeVm -Context $Context -VmId $Entry['vmId']; return }
    foreach ($setting in Get-VirtualizationInstance -ClassName 'Msvm_VirtualSystemSettingData') {
        if ($setting.VirtualSystemType -ne 'Microsoft:Hyper-V:System:Realized' -or $setting.ElementName -cne $Entry['name']) { continue }
        if ("$($setting.ConfigurationDataRoot)".TrimEnd('\') -ne $Entry['path']) { continue }
        if ($setting.CreationTime.ToUniversalTime() -lt (ConvertFrom-Timestamp -Text $Entry['at'])) { continue }
        Remove-MadeVm -Context $Context -VmId ([string]$setting.VirtualSystemIdentifier)
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
    foreach ($drive in Get-HyperVDisk -VmId $Entry['vmId']) {
        if ((Get-PathKey -Path "$($drive.Path)") -ceq (Get-PathKey -Path $Entry['path'])) { Remove-HyperVDisk -VmId $Entry['vmId'] -DiskId (Get-DriveId -Drive $drive) }
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
    foreach ($drive in Get-HyperVDvdDrive -VmId $Entry['vmId']) {
        if (@($Entry['before']) -ccontains (Get-DriveId -Drive $drive)) { continue }
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
    Set-VmField -VmId $Entry['vmId'] -Field $Entry['path'] -Value $Entry['before'] -Live ($condition.State -cne 'Off')
}

function Undo-PlugStep {
    <#
    .SYNOPSIS
    Plugs an adapter in where it was, and back into its VLAN. A trunk is left as it is: only the last step sets a VLAN.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [System.Collections.IDictionary] $Entry)
    if ($null -eq (Get-VmCondition -VmId $Entry['vmId'])) { return }
    $adapter = Get-OneAdapter -VmId $Entry['vmId'] -AdapterId $Entry['adapterId']
    Connect-HyperVAdapter -Adapter $adapter -SwitchName $Entry['switchName']
    $vlan = $Entry['vlan']
    if (@('Access', 'Untagged') -ccontains $vlan['mode']) { Set-HyperVAdapterVlan -Adapter $adapter -VlanId $vlan['accessVlanId'] }
}

function Undo-FileStep {
    <#
    .SYNOPSIS
    Removes a file that was made under a name that was free before; waits while the host still writes it.
    .DESCRIPTION
    One that a VM has taken since stays.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Entry
    )
    if ($null -eq (Get-HostFile -Path $Entry['path'])) { return }
    if (@(Get-List -Table (Read-DiskUser) -Key (Get-PathKey -Path $Entry['path'])).Length -gt 0) {
        throw (New-OperationFailure -Code 'in-use' -Message "A VM uses $($Entry['path']).")
    }
    for ($attempt = 1; ; $attempt++) {
        if ($null -eq (Get-HostFile -Path $Entry['path'])) { return }
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
