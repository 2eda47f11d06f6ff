# Cmdlets of the Hyper-V module (learn.microsoft.com/powershell/module/hyper-v, version 2016). VMs are selected by id
# and passed as objects, because several VMs may have the same name.

function Get-HyperVMachine {
    <#
    .SYNOPSIS
    Calls Get-VM by id.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [guid] $VmId)
    Hyper-V\Get-VM -Id $VmId
}

function New-HyperVMachine {
    <#
    .SYNOPSIS
    Calls New-VM: generation 2, without a disk. Returns the id in lower case.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Name,
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [long] $MemoryStartupBytes
    )
    return "$((Hyper-V\New-VM -Name $Name -Path $Path -Generation 2 -NoVHD -MemoryStartupBytes $MemoryStartupBytes -Confirm:$false).Id)".ToLowerInvariant()
}

function Remove-HyperVMachine {
    <#
    .SYNOPSIS
    Calls Remove-VM: deletes the configuration and the checkpoints, never the disks.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [guid] $VmId)
    Hyper-V\Remove-VM -VM (Get-HyperVMachine -VmId $VmId) -Force -Confirm:$false
}

function Rename-HyperVMachine {
    <#
    .SYNOPSIS
    Calls Rename-VM: changes only the name, files keep theirs.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [object] $Machine,
        [Parameter(Mandatory)] [string] $Name
    )
    Hyper-V\Rename-VM -VM $Machine -NewName $Name -Confirm:$false
}

function Set-HyperVProcessor {
    <#
    .SYNOPSIS
    Calls Set-VMProcessor.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [object] $Machine,
        [Parameter(Mandatory)] [long] $Count
    )
    Hyper-V\Set-VMProcessor -VM $Machine -Count $Count -Confirm:$false
}

function Set-HyperVMemory {
    <#
    .SYNOPSIS
    Calls Set-VMMemory with the memory settings of the contract. With -Live, only those that can change while the VM
    runs.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [object] $Machine,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Memory,
        [switch] $Live
    )
    $settings = if ($Live) { @{} } else { @{ DynamicMemoryEnabled = $Memory['dynamic']; StartupBytes = $Memory['startup'] } }
    if ($Memory['dynamic']) {
        $settings.MinimumBytes = $Memory['minimum']
        $settings.MaximumBytes = $Memory['maximum']
        $settings.Buffer = $Memory['bufferPercent']
    }
    Hyper-V\Set-VMMemory -VM $Machine -Confirm:$false @settings
}

function Set-HyperVSetting {
    <#
    .SYNOPSIS
    Calls Set-VM with those of notes, automatic actions and checkpoint type that are given by their contract names.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [object] $Machine,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Setting
    )
    $names = @{
        notes = 'Notes'; automaticStartAction = 'AutomaticStartAction'; automaticStartDelaySeconds = 'AutomaticStartDelay'
        automaticStopAction = 'AutomaticStopAction'; checkpointType = 'CheckpointType'
    }
    $settings = @{}
    foreach ($name in $names.Keys) { if ($Setting.Contains($name)) { $settings[$names[$name]] = $Setting[$name] } }
    Hyper-V\Set-VM -VM $Machine -Confirm:$false @settings
}

function Set-HyperVSecureBoot {
    <#
    .SYNOPSIS
    Calls Set-VMFirmware: turns secure boot on or off and sets its template; null keeps the template.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [object] $Machine,
        [Parameter(Mandatory)] [bool] $Enabled,
        [Parameter(Mandatory)] [AllowNull()] [object] $Template
    )
    $settings = @{ EnableSecureBoot = $(if ($Enabled) { 'On' } else { 'Off' }) }
    if ($null -ne $Template) { $settings.SecureBootTemplate = $Template }
    Hyper-V\Set-VMFirmware -VM $Machine -Confirm:$false @settings
}

function Set-HyperVDeviceOrder {
    <#
    .SYNOPSIS
    Calls Set-VMFirmware with devices by contract id, first to last.
    .DESCRIPTION
    Set-VMFirmware removes every entry that it is not given (example 3 of its documentation). Boot files that guests add
    (Windows Boot Manager, shim) are on their disks and are not devices: they are kept before the first disk.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [object] $Machine,
        [Parameter(Mandatory)] [string[]] $DeviceId
    )
    $devices = @{}
    $known = Read-DriveTable -VmId "$($Machine.Id)"
    foreach ($drive in @(Hyper-V\Get-VMHardDiskDrive -VM $Machine) + @(Hyper-V\Get-VMDvdDrive -VM $Machine)) {
        if ($null -ne $drive -and $known.ContainsKey((Get-DriveKey -Drive $drive))) { $devices[$known[(Get-DriveKey -Drive $drive)].Id] = $drive }
    }
    foreach ($adapter in @(Hyper-V\Get-VMNetworkAdapter -VM $Machine)) { if ($null -ne $adapter) { $devices[(Get-AdapterId -Adapter $adapter)] = $adapter } }
    $order = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    $files = @(foreach ($source in @((Hyper-V\Get-VMFirmware -VM $Machine).BootOrder)) { if ("$($source.BootType)" -eq 'File') { $source } })
    $disks = @(foreach ($drive in $known.Values) { if ($drive.IsDisk) { $drive.Id } })
    foreach ($id in $DeviceId) {
        if (-not $devices.ContainsKey($id)) { continue }
        if ($disks -ccontains $id) { $order.AddRange($files); $files = @() }
        [void] $order.Add($devices[$id])
    }
    $order.AddRange($files)
    Hyper-V\Set-VMFirmware -VM $Machine -BootOrder $order.ToArray() -Confirm:$false
}

function Set-HyperVBootOrder {
    <#
    .SYNOPSIS
    Calls Set-VMFirmware with devices by kind, first to last.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [object] $Machine,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Kind
    )
    $devices = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    $named = @{}
    foreach ($one in @($Kind) + @('disk', 'network', 'dvd')) {
        if ($named.ContainsKey($one)) { continue }
        $named[$one] = $true
        if ($one -eq 'disk') { $found = Hyper-V\Get-VMHardDiskDrive -VM $Machine }
        elseif ($one -eq 'dvd') { $found = Hyper-V\Get-VMDvdDrive -VM $Machine }
        else { $found = Hyper-V\Get-VMNetworkAdapter -VM $Machine }
        foreach ($device in @($found)) { if ($null -ne $device) { [void] $devices.Add($device) } }
    }
    if ($devices.Count -gt 0) { Hyper-V\Set-VMFirmware -VM $Machine -BootOrder $devices.ToArray() -Confirm:$false }
}
