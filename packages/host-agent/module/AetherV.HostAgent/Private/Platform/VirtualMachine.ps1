# The Hyper-V module (learn.microsoft.com/powershell/module/hyper-v, the 2016 pages). VMs are named by id, and objects passed on: a
# name may belong to several.

function Get-HyperVMachine {
    <#
    .SYNOPSIS
    Get-VM by id.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [guid] $VmId)
    Get-VM -Id $VmId
}

function New-HyperVMachine {
    <#
    .SYNOPSIS
    New-VM: generation 2, without a disk. Returns its id in lower case.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Name,
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [long] $MemoryStartupBytes
    )
    return "$((New-VM -Name $Name -Path $Path -Generation 2 -NoVHD -MemoryStartupBytes $MemoryStartupBytes -Confirm:$false).Id)".ToLowerInvariant()
}

function Remove-HyperVMachine {
    <#
    .SYNOPSIS
    Remove-VM: the configuration and the checkpoints, never the disks.
    #>
    [CmdletBinding()]
    param([Parameter(Mandatory)] [guid] $VmId)
    Remove-VM -VM (Get-HyperVMachine -VmId $VmId) -Force -Confirm:$false
}

function Set-HyperVProcessor {
    <#
    .SYNOPSIS
    Set-VMProcessor.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [object] $Machine,
        [Parameter(Mandatory)] [long] $Count
    )
    Set-VMProcessor -VM $Machine -Count $Count -Confirm:$false
}

function Set-HyperVMemory {
    <#
    .SYNOPSIS
    Set-VMMemory, as the contract asks for memory.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [object] $Machine,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Memory
    )
    $settings = @{ DynamicMemoryEnabled = $Memory['dynamic']; StartupBytes = $Memory['startup'] }
    if ($Memory['dynamic']) {
        $settings.MinimumBytes = $Memory['minimum']
        $settings.MaximumBytes = $Memory['maximum']
        $settings.Buffer = $Memory['bufferPercent']
    }
    Set-VMMemory -VM $Machine -Confirm:$false @settings
}

function Set-HyperVSetting {
    <#
    .SYNOPSIS
    Set-VM: notes, automatic actions, kind of checkpoints.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [object] $Machine,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Request
    )
    Set-VM -VM $Machine -Notes $Request['notes'] -AutomaticStartAction $Request['automaticStartAction'] -AutomaticStartDelay $Request['automaticStartDelaySeconds'] -AutomaticStopAction $Request['automaticStopAction'] -CheckpointType $Request['checkpointType'] -Confirm:$false
}

function Set-HyperVSecureBoot {
    <#
    .SYNOPSIS
    Set-VMFirmware: secure boot by these keys, or off.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [object] $Machine,
        [Parameter(Mandatory)] [ValidateSet('MicrosoftWindows', 'MicrosoftUEFICertificateAuthority', 'off')] [string] $Setting
    )
    if ($Setting -eq 'off') { Set-VMFirmware -VM $Machine -EnableSecureBoot 'Off' -Confirm:$false; return }
    Set-VMFirmware -VM $Machine -EnableSecureBoot 'On' -SecureBootTemplate $Setting -Confirm:$false
}

function Set-HyperVBootOrder {
    <#
    .SYNOPSIS
    Set-VMFirmware: devices by kind, first to last.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [object] $Machine,
        [Parameter(Mandatory)] [AllowEmptyCollection()] [object[]] $Kind
    )
    $devices = New-Object -TypeName 'System.Collections.ArrayList'
    $named = @{}
    foreach ($one in @($Kind) + @('disk', 'network', 'dvd')) {
        if ($named.ContainsKey($one)) { continue }
        $named[$one] = $true
        if ($one -eq 'disk') { $found = Get-VMHardDiskDrive -VM $Machine }
        elseif ($one -eq 'dvd') { $found = Get-VMDvdDrive -VM $Machine }
        else { $found = Get-VMNetworkAdapter -VM $Machine }
        foreach ($device in @($found)) { if ($null -ne $device) { [void] $devices.Add($device) } }
    }
    if ($devices.Count -gt 0) { Set-VMFirmware -VM $Machine -BootOrder $devices.ToArray() -Confirm:$false }
}
