function Add-SagaFolder {
    <#
    .SYNOPSIS
    Creates a folder and its missing parents. The rollback removes those that are empty.
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
    Invoke-SagaStep -Saga $Saga -Message "Create the folder $Path." -Undo $undo -Act { New-HostFolder -Path $Path } -Done { Test-HostFolder -Path $Path }
}

function Add-SagaDisk {
    <#
    .SYNOPSIS
    Creates a disk under a free name, or copies an image, and attaches it. Sets $Saga.DiskId.
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
    # Hyper-V allows VM names that are not valid file names or lead out of the folder.
    $stem = if ("$($Machine.Name)" -match '[\\/:*?"<>|\x00-\x1f]') { "$($Machine.Id)".ToLowerInvariant() } else { $Machine.Name }
    $number = 0
    while ($null -ne (Get-HostFile -Path "$Folder\$stem-disk$number.vhdx")) { $number++ }
    $path = "$Folder\$stem-disk$number.vhdx"
    $undo = [ordered]@{ kind = 'file'; path = $path }
    if ($Disk.Contains('image')) {
        $image = Select-ByName -List $Plan.Images -Key 'id' -What 'image' -Name $Disk['image']
        Copy-SagaDisk -Saga $Saga -Image $image -Path $path -Undo $undo
        $size = $Disk['sizeBytes']
        if ($null -ne $size -and $size -gt $(if ($null -eq $image['virtualSize']) { 0 } else { $image['virtualSize'] })) { Resize-SagaDisk -Saga $Saga -Path $path -Size $size }
    }
    else {
        $size = $Disk['sizeBytes']
        Invoke-SagaJobStep -Saga $Saga -Message "Create the disk $path." -Undo $undo -Begin {
            New-VirtualDisk -Path $path -Type $Disk['type'] -Size $size
        } -Wait { Wait-StorageJob -Saga $Saga -Message $Message } -Done { Test-VirtualDisk -Path $path -Size $size }
    }
    if ($IsLast) { Set-LastStep -Saga $Saga -Last ([ordered]@{ vmId = "$($Machine.Id)".ToLowerInvariant(); path = $path }) }
    $vmId = "$($Machine.Id)".ToLowerInvariant()
    Invoke-SagaStep -Saga $Saga -Message "Attach $path." -Undo ([ordered]@{ kind = 'drive'; path = $path; vmId = $vmId }) -Act {
        Add-HyperVDisk -Machine $Machine -Path $path
    } -Done { Test-DiskAttached -VmId $vmId -Path $path }
    foreach ($drive in (Read-DriveTable -VmId $vmId).Values) { if ($drive.IsDisk -and (Test-DriveFile -Held $drive.Path -Path $path)) { $Saga.DiskId = $drive.Id } }
}

function Copy-SagaDisk {
    <#
    .SYNOPSIS
    Takes the step that copies an image. The size of a copy does not prove that it is complete, so the step counts as
    not done if a job of the image management service has failed recently.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Image,
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [System.Collections.IDictionary] $Undo
    )
    Invoke-SagaJobStep -Saga $Saga -Message "Copy the image $($Image['id']) to $Path." -Undo $Undo -Begin {
        Copy-VirtualDisk -Source $Image['path'] -Path $Path
    } -Wait { Wait-StorageJob -Saga $Saga -Message $Message } -Done {
        @(Get-FailedImageJob).Length -eq 0 -and (Test-VirtualDisk -Path $Path -Size $Image['virtualSize'])
    }
}

function Resize-SagaDisk {
    <#
    .SYNOPSIS
    Takes the step that grows a disk.
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [hashtable] $Saga,
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [long] $Size
    )
    Invoke-SagaJobStep -Saga $Saga -Message "Grow $Path to $Size bytes." -Begin {
        Resize-VirtualDisk -Path $Path -Size $Size
    } -Wait { Wait-StorageJob -Saga $Saga -Message $Message } -Done { Test-VirtualDisk -Path $Path -Size $Size }
}
