# Operations on the DVD drives of a VM.

Register-Operation -Op 'dvd.insert' -Saga 'Set-SagaMedium'
Register-Operation -Op 'dvd.eject' -Saga 'Clear-SagaMedium'

function Select-VmDvdDrive {
    <#
    .SYNOPSIS
    Returns a DVD drive by its id; throws not-found.
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
    Returns the id of the drive for a medium: the requested one, the one that an earlier session of this operation
    chose, or the first empty one; null if a drive must be added.
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

function Add-SagaDvd {
    <#
    .SYNOPSIS
    Takes the step that adds an empty DVD drive for a medium. Sets $Saga.DriveId.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $VmId,
        [AllowNull()] [object] $Path = $null
    )
    $before = @((Read-DriveTable -VmId $VmId).Keys)
    $undo = [ordered]@{ kind = 'dvd'; path = "$Path"; vmId = $VmId; before = $before }
    Invoke-SagaStep -Saga $Saga -Message 'Add a DVD drive.' -Undo $undo -Act {
        Add-HyperVDvdDrive -Machine (Get-HyperVMachine -VmId $VmId)
    } -Done { $null -ne (Find-NewDvdDrive -VmId $VmId -Before $before) }
    $Saga.DriveId = Find-NewDvdDrive -VmId $VmId -Before $before
}

function Set-SagaDriveMedium {
    <#
    .SYNOPSIS
    Takes the step that inserts a medium.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $VmId,
        [Parameter(Mandatory)] [string] $DriveId,
        [Parameter(Mandatory)] [string] $Path
    )
    Invoke-SagaStep -Saga $Saga -Message "Insert $Path." -Act {
        Set-HyperVMedium -VmId $VmId -DriveId $DriveId -Path $Path
    } -Done { Test-MediumIn -VmId $VmId -DriveId $DriveId -Path $Path }
}

function Set-SagaMedium {
    <#
    .SYNOPSIS
    Takes the steps of dvd.insert.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $vmId = $request['vmId']
    $media = @(Read-HostMedium -Configuration (Read-HostConfiguration))
    $iso = Invoke-Check -Context $Saga.Context -Act { Select-ByName -List $media -Key 'id' -What 'ISO' -Name $request['iso'] }
    $vm = Read-OneVm -VmId $vmId
    $driveId = Invoke-Check -Context $Saga.Context -Act { Select-DriveForMedium -Saga $Saga -Vm $vm }
    if ($null -eq $request['driveId'] -and $null -eq $driveId) { Assert-VmChangeable -Context $Saga.Context -Vm $vm -What 'adding a DVD drive' }
    Stop-Check -Context $Saga.Context -IfRefused
    $Saga.Planned = 2
    if ($null -eq $driveId) {
        Add-SagaDvd -Saga $Saga -VmId $vmId -Path $iso['path']
        $driveId = $Saga.DriveId
    }
    $Saga.Record['facts']['driveId'] = $driveId
    Set-SagaDriveMedium -Saga $Saga -VmId $vmId -DriveId $driveId -Path $iso['path']
    $Saga.Result = [ordered]@{ vmId = $vmId; drive = Select-VmDvdDrive -Vm (Read-OneVm -VmId $vmId) -DriveId $driveId }
}

function Clear-SagaMedium {
    <#
    .SYNOPSIS
    Takes the steps of dvd.eject.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param([Parameter(Mandatory)] [hashtable] $Saga)
    $request = $Saga.Context.Request
    $driveId = $request['driveId']
    $drive = Select-VmDvdDrive -Vm (Read-OneVm -VmId $request['vmId']) -DriveId $driveId
    if ($null -ne $request['path'] -and $null -ne $drive['path'] -and -not (Test-DriveFile -Held $drive['path'] -Path $request['path'])) {
        throw (New-OperationFailure -Code 'conflict' -Message "The DVD drive $driveId now holds `"$($drive['path'])`", not `"$($request['path'])`". Nothing was ejected." -Remedy 'Refresh the DVD drives of the VM, then retry.')
    }
    Invoke-SagaStep -Saga $Saga -Message 'Eject the medium.' -Act {
        Set-HyperVMedium -VmId $request['vmId'] -DriveId $driveId -Expected $request['path']
    } -Done { Test-MediumIn -VmId $request['vmId'] -DriveId $driveId -Path $null }
    $Saga.Result = [ordered]@{ vmId = $request['vmId']; drive = Select-VmDvdDrive -Vm (Read-OneVm -VmId $request['vmId']) -DriveId $driveId }
}
