# Disks are created by jobs of vmms (Msvm_ImageManagementService), which outlive a session and report progress. New-VHD,
# Convert-VHD and Resize-VHD would block the session without progress.

$script:DiskTypes = @{ Fixed = 2; Dynamic = 3 }

function Invoke-ImageMethod {
    <#
    .SYNOPSIS
    Calls a method of Msvm_ImageManagementService. Returns ReturnValue and the job's InstanceID.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [ValidateSet('CreateVirtualHardDisk', 'ConvertVirtualHardDisk', 'ResizeVirtualHardDisk')] [string] $Method,
        [Parameter(Mandatory)] [hashtable] $Arguments
    )
    $answer = CimCmdlets\Invoke-CimMethod -Namespace $script:VirtualizationNamespace -Query 'SELECT * FROM Msvm_ImageManagementService' -MethodName $Method -Arguments $Arguments -OperationTimeoutSec $script:CimTimeoutSeconds
    return ConvertTo-MethodAnswer -Answer $answer
}

function New-DiskSetting {
    <#
    .SYNOPSIS
    Creates Msvm_VirtualHardDiskSettingData as the text of an embedded instance (DMTF DSP0201). Format 3 is VHDX.
    .DESCRIPTION
    ConvertVirtualHardDisk also requires BlockSize and LogicalSectorSize; 0 is the default of the format (documentation
    of the class).
    #>
    [CmdletBinding()]
    [OutputType([string])]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [ValidateSet('Fixed', 'Dynamic')] [string] $Type,
        [long] $Size = 0
    )
    $escaped = [System.Security.SecurityElement]::Escape($Path)
    $sizePart = if ($Size -gt 0) { "<PROPERTY NAME=`"MaxInternalSize`" TYPE=`"uint64`"><VALUE>$Size</VALUE></PROPERTY>" } else { '' }
    return "<INSTANCE CLASSNAME=`"Msvm_VirtualHardDiskSettingData`"><PROPERTY NAME=`"BlockSize`" TYPE=`"uint32`"><VALUE>0</VALUE></PROPERTY><PROPERTY NAME=`"Format`" TYPE=`"uint16`"><VALUE>3</VALUE></PROPERTY>" +
    "<PROPERTY NAME=`"LogicalSectorSize`" TYPE=`"uint32`"><VALUE>0</VALUE></PROPERTY>$sizePart" +
    "<PROPERTY NAME=`"Path`" TYPE=`"string`"><VALUE>$escaped</VALUE></PROPERTY><PROPERTY NAME=`"Type`" TYPE=`"uint16`"><VALUE>$($script:DiskTypes[$Type])</VALUE></PROPERTY></INSTANCE>"
}

function New-VirtualDisk {
    <#
    .SYNOPSIS
    Starts the creation of an empty disk.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [string] $Type,
        [Parameter(Mandatory)] [long] $Size
    )
    return Invoke-ImageMethod -Method 'CreateVirtualHardDisk' -Arguments @{ VirtualDiskSettingData = New-DiskSetting -Path $Path -Type $Type -Size $Size }
}

function Copy-VirtualDisk {
    <#
    .SYNOPSIS
    Starts the copy of a disk to a separate dynamic VHDX.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [string] $Source,
        [Parameter(Mandatory)] [string] $Path
    )
    return Invoke-ImageMethod -Method 'ConvertVirtualHardDisk' -Arguments @{ SourcePath = $Source; VirtualDiskSettingData = New-DiskSetting -Path $Path -Type 'Dynamic' }
}

function Resize-VirtualDisk {
    <#
    .SYNOPSIS
    Starts growing a disk.
    #>
    [CmdletBinding()]
    [OutputType([hashtable])]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [long] $Size
    )
    return Invoke-ImageMethod -Method 'ResizeVirtualHardDisk' -Arguments @{ Path = $Path; MaxInternalSize = [uint64]$Size }
}

function Test-VirtualDisk {
    <#
    .SYNOPSIS
    Returns true if a file is a virtual hard disk of a size; null stands for any size. Throws if it cannot be read.
    #>
    [CmdletBinding()]
    [OutputType([bool])]
    param(
        [Parameter(Mandatory)] [string] $Path,
        [Parameter(Mandatory)] [AllowNull()] [object] $Size
    )
    $disk = Read-VirtualDisk -Path $Path
    return $null -eq $Size -or $disk.Size -eq "$Size"
}
