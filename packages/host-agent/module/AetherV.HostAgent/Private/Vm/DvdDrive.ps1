# Operations on the DVD drives of a VM.

function Select-VmDvdDrive {
    <#
    .SYNOPSIS
    A DVD drive by its id; throws not-found.
    #>
    [CmdletBinding()]
    [OutputType([System.Collections.IDictionary])]
    param(
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm,
        [Parameter(Mandatory)] [string] $DriveId
    )
    foreach ($drive in $Vm['dvdDrives']) { if ($drive['id'] -ceq $DriveId) { return $drive } }
    throw (New-OperationFailure -Code 'not-found' -Message "`"$($Vm['name'])`" has no DVD drive $DriveId.")
}

function Select-DriveForMedium {
    <#
    .SYNOPSIS
    The id of the drive that takes a medium: the one that was named, or that an earlier session of this operation chose, or the first
    empty one. Null where one has to be added.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Vm
    )
    $wanted = $Saga.Context.Request['driveId']
    if ($null -ne $wanted) { return (Select-VmDvdDrive -Vm $Vm -DriveId $wanted)['id'] }
    $chosen = $Saga.Record['facts']['driveId']
    foreach ($drive in $Vm['dvdDrives']) { if ($drive['id'] -ceq $chosen) { return $chosen } }
    foreach ($drive in $Vm['dvdDrives']) { if ($null -eq $drive['path']) { return $drive['id'] } }
    return $null
}

function Set-SagaMedium {
    <#
    .SYNOPSIS
    The steps of dvd.insert.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $vmId = $request['vmId']
    $iso = Select-ByName -List @(Read-HostMedium -Configuration (Read-HostConfiguration)) -Key 'id' -What 'ISO' -Name $request['iso']
    $vm = Read-OneVm -VmId $vmId
    $driveId = Select-DriveForMedium -Saga $Saga -Vm $vm
    $Saga.Planned = 2
    if ($null -eq $driveId) {
        $before = @(foreach ($drive in $vm['dvdDrives']) { $drive['id'] })
        Step-Saga -Saga $Saga -Message 'Add a DVD drive.' -Undo ([ordered]@{ kind = 'dvd'; path = $iso['path']; vmId = $vmId; before = $before })
        $driveId = Add-HyperVDvdDrive -Machine (Get-HyperVMachine -VmId $vmId)
    }
    $Saga.Record['facts']['driveId'] = $driveId
    Step-Saga -Saga $Saga -Message "Insert $($iso['path'])."
    Set-HyperVMedium -VmId $vmId -DriveId $driveId -Path $iso['path']
    $Saga.Result = [ordered]@{ vmId = $vmId; drive = Select-VmDvdDrive -Vm (Read-OneVm -VmId $vmId) -DriveId $driveId }
}

function Clear-SagaMedium {
    <#
    .SYNOPSIS
    The steps of dvd.eject.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $driveId = $request['driveId']
    [void] (Select-VmDvdDrive -Vm (Read-OneVm -VmId $request['vmId']) -DriveId $driveId)
    Step-Saga -Saga $Saga -Message 'Eject the medium.'
    Set-HyperVMedium -VmId $request['vmId'] -DriveId $driveId
    $Saga.Result = [ordered]@{ vmId = $request['vmId']; drive = Select-VmDvdDrive -Vm (Read-OneVm -VmId $request['vmId']) -DriveId $driveId }
}
