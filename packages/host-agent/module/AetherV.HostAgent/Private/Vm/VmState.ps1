# What the state of a VM allows, for operations that change its devices, disks or checkpoints.

# Hyper-V's limit of checkpoints of a VM.
$script:MostCheckpoints = 50

function Assert-VmIdle {
    <#
    .SYNOPSIS
    Refuses the operation while Hyper-V works on the VM.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm
    )
    if ($null -eq $Vm['activity']) { return }
    Deny-Operation -Context $Context -Code 'wrong-state' -Message "`"$($Vm['name'])`" is busy ($($Vm['activity']['kind']))." -Remedy 'Wait until this has ended, then retry.'
}

function Assert-VmChangeable {
    <#
    .SYNOPSIS
    Refuses the operation if the state of the VM does not allow it to change devices.
    .PARAMETER IsScsiDisk
    The device is a disk on a SCSI controller, which a running VM of either generation can change.
    .PARAMETER IsIde
    The device is on an IDE controller, which needs the VM to be off.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [string] $What,
        [switch] $IsScsiDisk,
        [switch] $IsIde
    )
    Assert-VmIdle -Context $Context -Vm $Vm
    $isHot = $IsScsiDisk -or (-not $IsIde -and $Vm['generation'] -ne 1)
    if ($Vm['state'] -ceq 'Off' -or ($isHot -and $Vm['state'] -ceq 'Running')) { return }
    $also = if ($isHot) { ' or running' } else { '' }
    Deny-Operation -Context $Context -Code 'wrong-state' -Message "`"$($Vm['name'])`" is $($Vm['state']): $What requires the VM to be off$also." -Remedy 'Shut the VM down first.'
}

function Test-VmRest {
    <#
    .SYNOPSIS
    Returns true if the VM is off or saved. Otherwise refuses the operation unless it may turn the VM off.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [bool] $Force,
        [Parameter(Mandatory)] [string] $Purpose
    )
    $state = $Vm['state']
    if ($state -ceq 'Off' -or $state -ceq 'Saved') { return $true }
    if (-not $Force) {
        Deny-Operation -Context $Context -Code 'wrong-state' -Message "`"$($Vm['name'])`" is ${state}: it must be off or saved to $Purpose." -Remedy 'Shut the VM down first, or force the operation.'
    }
    elseif (-not $Vm['critical'] -and (Get-PowerAction -Name 'stop')['allowedStates'] -cnotcontains $state) {
        Deny-Operation -Context $Context -Code 'wrong-state' -Message "`"$($Vm['name'])`" is ${state}: it cannot be turned off."
    }
    return $false
}

function Assert-Checkpointable {
    <#
    .SYNOPSIS
    Refuses a checkpoint that Hyper-V does not take of this VM.
    #>
    [CmdletBinding()]
    param(
        [Parameter(Mandatory)] [hashtable] $Context,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm
    )
    Assert-VmIdle -Context $Context -Vm $Vm
    $reasons = @(
        if ($Vm['critical']) { 'its storage is unreachable' }
        if ($Vm['checkpointType'] -ceq 'Disabled') { 'checkpoints are disabled for it' }
        if (@($Vm['checkpoints']).Count -ge $script:MostCheckpoints) { "it already has $($script:MostCheckpoints)" }
        if (@(foreach ($disk in $Vm['disks']) { if ($disk['shared']) { $disk } }).Length -gt 0) { 'it has shared disks' }
        if (@(foreach ($disk in $Vm['disks']) { if ($disk['type'] -ceq 'PassThrough') { $disk } }).Length -gt 0) { 'it has physical disks' }
        if ($Vm['checkpointType'] -ceq 'ProductionOnly' -and $Vm['state'] -ceq 'Running') {
            foreach ($service in $Vm['integrationServices']) {
                if ($service['kind'] -ceq 'Vss' -and @('Ok', 'Degraded') -cnotcontains $service['status']) { 'its guest does not respond, and its checkpoint type requires that' }
            }
        }
    )
    foreach ($reason in $reasons) { Deny-Operation -Context $Context -Code 'wrong-state' -Message "`"$($Vm['name'])`" cannot have a checkpoint: $reason." }
}
