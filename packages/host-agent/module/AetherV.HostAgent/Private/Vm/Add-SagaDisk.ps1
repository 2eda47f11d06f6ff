function Add-SagaFolder {
    <#
    .SYNOPSIS
    Makes a folder, with those above it; those that were missing are undone where they are still empty.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $Path
    )
    $missing = Microsoft.PowerShell.Utility\New-Object -TypeName 'System.Collections.ArrayList'
    for ($folder = $Path; $folder.LastIndexOf('\') -gt 0 -and -not (Test-HostFolder -Path $folder); $folder = $folder.Substring(0, $folder.LastIndexOf('\'))) {
        $missing.Insert(0, $folder)
    }
    $undo = [ordered]@{ kind = 'folder'; path = $Path; made = $missing.ToArray() }
    Invoke-SagaStep -Saga $Saga -Message "Make the folder $Path." -Undo $undo -Act { New-HostFolder -Path $Path } -Done { Test-HostFolder -Path $Path }
}

function Add-SagaDisk {
    <#
    .SYNOPSIS
    Makes a disk under a free name, or copies an image there, and attaches it. Leaves the drive's id in $Saga.DiskId.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [object] $Machine,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Disk,
        [Parameter(Mandatory)] [string] $Folder,
        [Parameter(Mandatory)] [hashtable] $Plan,
        [switch] $IsLast
    )
    # Hyper-V allows names that no file can have, or that lead out of the folder.
    $stem = if ("$($Machine.Name)" -match '[\\/:*?"<>|\x00-\x1f]') { "$($Machine.Id)".ToLowerInvariant() } else { $Machine.Name }
    $number = 0
    while ($null -ne (Get-HostFile -Path "$Folder\$stem-disk$number.vhdx")) { $number++ }
    $path = "$Folder\$stem-disk$number.vhdx"
    $undo = [ordered]@{ kind = 'file'; path = $path }
    if ($Disk.Contains('image')) {
        $image = Select-ByName -List $Plan.Images -Key 'id' -What 'image' -Name $Disk['image']
        $message = "Copy the image $($Disk['image']) to $path."
        Step-Saga -Saga $Saga -Message $message -Undo $undo
        Wait-SagaAnswer -Saga $Saga -Message $message -Answer (Copy-VirtualDisk -Source $image['path'] -Path $path)
        $size = $Disk['sizeBytes']
        if ($null -ne $size -and $size -gt $(if ($null -eq $image['virtualSize']) { 0 } else { $image['virtualSize'] })) {
            $message = "Grow $path to $size bytes."
            Step-Saga -Saga $Saga -Message $message
            Wait-SagaAnswer -Saga $Saga -Message $message -Answer (Resize-VirtualDisk -Path $path -Size $size)
        }
    }
    else {
        $message = "Make the disk $path."
        Step-Saga -Saga $Saga -Message $message -Undo $undo
        Wait-SagaAnswer -Saga $Saga -Message $message -Answer (New-VirtualDisk -Path $path -Type $Disk['type'] -Size $Disk['sizeBytes'])
    }
    if ($IsLast) { Set-LastStep -Saga $Saga -Last ([ordered]@{ vmId = "$($Machine.Id)".ToLowerInvariant(); path = $path }) }
    $vmId = "$($Machine.Id)".ToLowerInvariant()
    Invoke-SagaStep -Saga $Saga -Message "Attach $path." -Undo ([ordered]@{ kind = 'drive'; path = $path; vmId = $vmId }) -Act {
        Add-HyperVDisk -Machine $Machine -Path $path
    } -Done { Test-DiskAttached -VmId $vmId -Path $path }
    foreach ($drive in (Read-DriveTable -VmId $vmId).Values) { if ($drive.IsDisk -and (Test-DriveFile -Held $drive.Path -Path $path)) { $Saga.DiskId = $drive.Id } }
}

function Wait-SagaAnswer {
    <#
    .SYNOPSIS
    What a method answered: refused, done, or a job to be followed to its end.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $Message,
        [Parameter(Mandatory)] [AllowNull()] [object] $Answer
    )
    if ($null -eq $Answer) { throw (New-OperationFailure -Code 'agent-error' -Message "$Message Hyper-V's image service is not there.") }
    # 32775: the VM's or the file's state does not allow it (the methods' pages).
    if ($Answer.ReturnValue -eq 32775) { throw (New-OperationFailure -Code 'wrong-state' -Message "$Message The state of the VM does not allow it now.") }
    if ($Answer.ReturnValue -ne 0 -and ($Answer.ReturnValue -ne 4096 -or $null -eq $Answer.Job)) {
        throw (New-OperationFailure -Code 'agent-error' -Message "$Message Hyper-V refused (code $($Answer.ReturnValue)).")
    }
    Wait-SagaJob -Saga $Saga -Message $Message -JobId $Answer.Job -MustBeSeen
}
